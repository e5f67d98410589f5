import { domainToASCII } from 'node:url';
import { ResetError } from '../errors.ts';
import { remember } from './remember.ts';

/** RFC 5321, 4.5.3.1: octets, not characters. */
const maxLocalBytes = 64;
const maxTotalBytes = 254;

// Everything printable in ASCII that a dot-atom may hold (RFC 5322, 3.2.3), and letters, marks and digits beyond
// ASCII (RFC 6531). Quoted local parts, comments, groups and lists are what mail libraries misread: never allowed.
const localPart =
  /^(?!-)[\w!#$%&'*+/=?^`{|}~\p{L}\p{M}\p{N}-]+(?:\.[\w!#$%&'*+/=?^`{|}~\p{L}\p{M}\p{N}-]+)*$/u;
const label = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/;
// Host names as people write them; what IDNA would quietly drop or map (soft hyphens, full-width forms) is refused.
const domainPart = /^[\p{L}\p{M}\p{N}._-]+$/u;

const bytes = (text: string): number => Buffer.byteLength(text, 'utf8');

const foldAscii = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

const isDomain = remember((text) => {
  if (!domainPart.test(text)) return false;
  const ascii = domainToASCII(text);
  return ascii !== '' && ascii.split('.').every((part) => label.test(part));
});

/**
 * Is this one plain address (`local@domain`) that every mail library reads as exactly one recipient? R65: this
 * check stands before any library sees the text.
 */
export function isEmail(text: string): boolean {
  if (bytes(text) > maxTotalBytes) return false;
  const at = text.indexOf('@');
  const local = text.slice(0, Math.max(at, 0));
  return at > 0 && bytes(local) <= maxLocalBytes && localPart.test(local) && isDomain(text.slice(at + 1));
}

/** The text itself if it is one plain address. Throws `usage_invalid` without repeating control characters. */
export function parseEmail(text: string): string {
  if (isEmail(text)) return text;
  throw new ResetError(
    'usage_invalid',
    `${JSON.stringify(text.slice(0, 100))} is not an e-mail address. Write one address, like name@example.com.`,
  );
}

/**
 * The form under which two spellings of one address are equal: ASCII letters lower-cased, the domain in its ASCII
 * form. Nothing else is folded: `mıke@` is not `mike@`, `í` is not `i` (R67).
 */
export function foldEmail(text: string): string {
  const at = text.lastIndexOf('@');
  if (at < 0) return foldAscii(text);
  const domain = text.slice(at + 1);
  return `${foldAscii(text.slice(0, at))}@${domainToASCII(domain) || foldAscii(domain)}`;
}

/** Whether two spellings name one mailbox; the look-up's answer is compared with this again (R68). */
export const sameEmail = (one: string, other: string): boolean => foldEmail(one) === foldEmail(other);

/** Who a mail comes from. */
export interface Sender {
  readonly name?: string;
  readonly address: string;
}

/** Reads `Name <address>`, `"Name" <address>` or a bare address. Throws `config_invalid` (R66: no line breaks). */
export function parseSender(text: string): Sender {
  const match = /^(?:([^<>]*?)\s*<([^<>]+)>|([^<>\s]+))$/u.exec(text.trim());
  const address = match?.[2] ?? match?.[3] ?? '';
  const name = (match?.[1] ?? '').trim().replace(/^"(.*)"$/u, '$1');
  if (!isEmail(address) || /[\p{Cc}\u2028\u2029"]/u.test(name)) {
    throw new ResetError(
      'config_invalid',
      `The sender ${JSON.stringify(text.slice(0, 100))} is neither "Name <address>" nor an address. ` +
        'Set mail.from, like: Example <noreply@example.com>',
    );
  }
  return name === '' ? { address } : { name, address };
}
