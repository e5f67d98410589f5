import type { Issuer, Parts, Person } from './issuer.ts';
import { fillable, linkTemplate, readLink } from './link-path.ts';

/** One way to read a link: its path with placeholders, and what stands in their places. */
export interface Sample {
  readonly path: string;
  readonly parts: Parts;
}

/** A link of a mail has few pieces; more are not looked at. */
const MAX_PIECES = 24;
const MAX_WAYS = 40;

type Looks = Pick<Issuer, 'page' | 'tail' | 'looks'>;

/** `text`: path, query and fragment of a link. Every way in which it may be a link of this form, the likeliest first. */
export function readSamples(issuer: Looks, text: string): Sample[] {
  const usual = readUsual(issuer, text);
  const ways = unitsOf(issuer.tail).reduce<Way[]>(
    (before, unit) => before.flatMap((way) => placesOf(way, unit, issuer.looks)).slice(0, MAX_WAYS),
    [{ pieces: text.split(/([/?&=#]+)/).slice(0, 2 * MAX_PIECES), parts: {} }],
  );
  const found = ways.map(({ pieces, parts }) => ({ path: pieces.join(''), parts }));
  return [...(usual ? [usual] : []), ...found].filter(({ path }) => path.startsWith('/'));
}

/** The page as it ships, perhaps below a folder. */
function readUsual(issuer: Looks, text: string): Sample | undefined {
  const template = linkTemplate(issuer, undefined);
  const parts = readLink(template, text);
  if (!parts || !Object.entries(parts).every(([name, part]) => issuer.looks[name]?.test(part)))
    return undefined;
  const start = text.indexOf(fillable(template));
  return { path: text.slice(0, Math.max(start, 0)) + template, parts };
}

/** `/{uid}-{token}/` → `{uid}-{token}`; `?key={token}&login={login}` → `{token}`, `{login}` */
const unitsOf = (tail: string): string[] => tail.split(/[/?&=#]+/).filter((piece) => piece.includes('{'));

interface Way {
  readonly pieces: readonly string[];
  readonly parts: Parts;
}

function placesOf({ pieces, parts }: Way, unit: string, looks: Issuer['looks']): Way[] {
  const names = [...unit.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  const inner = names.map(
    (name) => `(${(looks[name]?.source ?? '.+').replace(/^\^|\$$/g, '').replace(/\((?!\?)/g, '(?:')})`,
  );
  const pattern = new RegExp(`^${inner.join('-')}$`, 'i');
  return pieces.flatMap((piece, index) => {
    const found = index % 2 === 0 && !piece.includes('{') ? pattern.exec(decode(piece)) : null;
    if (!found) return [];
    const read = Object.fromEntries(names.map((name, at) => [name, found[at + 1] ?? '']));
    return [{ pieces: pieces.with(index, unit), parts: { ...parts, ...read } }];
  });
}

function decode(piece: string): string {
  try {
    return decodeURIComponent(piece);
  } catch {
    return piece;
  }
}

/** Which keys of a query name the user. */
const NAMES = /^(id|uid|user|userid|user_id|username|login|email|mail|e)$/i;

type Named = Pick<Person, 'id' | 'email' | 'username'>;

/** Whatever else in the path names this person stands for everybody's own. */
export function generalise(path: string, person: Named): string {
  const pieces = path.split(/([/?&=#]+)/);
  return pieces.map((piece, index) => generalPiece(pieces, index, person) ?? piece).join('');
}

function generalPiece(
  pieces: readonly string[],
  index: number,
  { id, email, username }: Named,
): string | undefined {
  const text = index % 2 === 0 ? decode(pieces[index] ?? '') : '';
  if (text === '' || text.includes('{')) return undefined;
  if (text.toLowerCase() === email.toLowerCase()) return '{email}';
  if (!isNaming(pieces, index)) return undefined;
  if (text === id) return '{id}';
  return text === username ? '{username}' : undefined;
}

/** `?id=7` and `/7/{token}` name somebody; `/v1/7` may be anything. */
function isNaming(pieces: readonly string[], index: number): boolean {
  const [key = '', before, , after, next] = pieces.slice(Math.max(index - 2, 0), index + 3);
  return (before === '=' && NAMES.test(key)) || (after === '/' && next === '{token}');
}
