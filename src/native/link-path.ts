import { ResetError } from '../errors.ts';
import type { Issuer, Parts } from './issuer.ts';

const PLACEHOLDER = /\{(\w+)\}/g;

/** The path of a link with its placeholders: the application's own, or as `link.path` says. Throws config_invalid. */
export function linkTemplate(issuer: Pick<Issuer, 'page' | 'tail'>, path: string | undefined): string {
  if (path === undefined) return issuer.page + issuer.tail;
  const known = placeholders(issuer.tail);
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
