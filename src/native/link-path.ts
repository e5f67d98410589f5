import { ResetError } from '../errors.ts';
import type { Issuer, Parts, Person } from './issuer.ts';

const PLACEHOLDER = /\{(\w+)\}/g;
/** Placeholders that every link can have: the person's own. */
const OF_PERSON = ['id', 'email', 'username'];

/** The path of a link with its placeholders: the application's own, or as `link.path` says. Throws config_invalid. */
export function linkTemplate(issuer: Pick<Issuer, 'page' | 'tail'>, path: string | undefined): string {
  if (path === undefined) return issuer.page + issuer.tail;
  const known = [...new Set([...placeholders(issuer.tail), ...OF_PERSON])];
  const named = placeholders(path);
  if (!path.startsWith('/') || path.startsWith('//')) throw refuse('must begin with one slash');
  const strange = named.filter((name) => !known.includes(name));
  if (strange.length > 0) throw refuse(`has {${strange.join('}, {')}}; known here: {${known.join('}, {')}}`);
  if (named.length === 0) return path.replace(/\/$/, '') + issuer.tail;
  if (!named.includes('token')) throw refuse('names other parts, but no {token}');
  return path;
}

/** The link itself; only ever made of `baseUrl` (R55). */
export const fillLink = (baseUrl: string, template: string, parts: Parts): string =>
  baseUrl + template.replace(PLACEHOLDER, (_, name: string) => encodeURIComponent(parts[name] ?? ''));

/** The parts of a link of this template, whatever stands before it; a bare token is its own part. */
export function readLink(template: string, given: string): Parts | undefined {
  if (!/[/?=]/.test(given)) return { token: given };
  const names = placeholders(template);
  const pattern = template
    .split(PLACEHOLDER)
    .map((piece, index) => (index % 2 === 0 ? piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : '([^/?&#]+?)'))
    .join('');
  const found = new RegExp(`${pattern}(?:[&#].*)?$`).exec(given);
  if (!found) return undefined;
  return Object.fromEntries(names.map((name, index) => [name, decode(found[index + 1] ?? '')]));
}

/** A template up to its first placeholder. */
export const fillable = (template: string): string => template.slice(0, template.indexOf('{'));

/** What fills the placeholders of a person's link. */
export const partsOf = ({ id, email, username }: Person, made: Parts): Parts => ({
  id,
  email,
  username: username ?? '',
  ...made,
});

const placeholders = (template: string): string[] =>
  [...template.matchAll(PLACEHOLDER)].map(([, name]) => name ?? '');

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const refuse = (why: string) => new ResetError('config_invalid', `"link.path" ${why}.`);
