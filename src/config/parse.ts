import { isIP } from 'node:net';
import { parseDuration } from '../values/duration.ts';
import { isEmail } from '../values/email.ts';
import { isLoopback } from '../values/loopback.ts';
import { ResetError } from '../errors.ts';

/** Small parsers, one for each kind of value: `unknown` from a flag, the environment or a file → typed, or a ResetError. */

export const invalid = (message: string) => new ResetError('config_invalid', message);

export function text(value: unknown): string {
  if (typeof value !== 'string' || value.trim() === '') throw invalid('must be text, and not empty');
  if (/[\r\n\0]/.test(value)) throw invalid('must be one line');
  return value;
}

export function wholeNumber(min: number, max: number) {
  return (value: unknown): number => {
    const number = typeof value === 'string' && /^-?\d+$/.test(value.trim()) ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < min || number > max) {
      throw invalid(`must be a whole number from ${min} to ${max}`);
    }
    return number;
  };
}

export function oneOf<const T extends string>(...allowed: readonly T[]) {
  return (value: unknown): T => {
    const found = allowed.find((candidate) => candidate === value);
    if (found === undefined) throw invalid(`must be one of ${allowed.join(', ')}`);
    return found;
  };
}

export function flag(value: unknown): boolean {
  if (value === true || value === 'true' || value === '1') return true;
  if (value === false || value === 'false' || value === '0') return false;
  throw invalid('must be true or false');
}

export function list(value: unknown): readonly string[] {
  const items = typeof value === 'string' ? value.split(',') : value;
  if (!Array.isArray(items)) throw invalid('must be a list, in the environment separated by commas');
  return items.map((item) => text(item).trim());
}

/** Seconds or `90s`, `30m`, `24h` → milliseconds within bounds (R06: jsonwebtoken would read "3600" as 3.6 s). */
export function durationMs(minMs: number, maxMs: number, bounds: string) {
  return (value: unknown): number => {
    if (typeof value !== 'string' && !(typeof value === 'number' && Number.isSafeInteger(value))) {
      throw invalid(`must be a duration such as 90s, 30m, 24h or whole seconds, ${bounds}`);
    }
    const ms = parseDuration(value);
    if (ms < minMs || ms > maxMs) throw invalid(`must be ${bounds}`);
    return ms;
  };
}

export function email(value: unknown): string {
  const address = text(value);
  if (!isEmail(address)) throw invalid('must be one e-mail address');
  return address;
}

/** The address that links begin with: https, or http on loopback; no user, query or fragment; no slash at its end. */
export function baseUrl(value: unknown): string {
  const url = webUrl(value);
  if (url.search !== '' || url.hash !== '') throw invalid('must not have a query or a fragment');
  return url.href.replace(/\/+$/, '');
}

export const linkUrl = (value: unknown): string => webUrl(value).href;

function webUrl(value: unknown): URL {
  const written = text(value);
  if (!URL.canParse(written)) throw invalid('is not a URL. Write https://example.com');
  const url = new URL(written);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw invalid('must begin with https: (http: only on this machine: localhost, 127.0.0.1)');
  }
  if (url.username !== '' || url.password !== '') throw invalid('must not contain a user or a password');
  return url;
}

/** `14/s`, `600/m` or a plain number a second → mails a second. */
export function rate(value: unknown): number {
  const match = /^(\d+(?:\.\d+)?)(?:\/(s|m|h))?$/.exec(String(value).trim());
  const seconds = { s: 1, m: 60, h: 3600 }[match?.[2] ?? 's'] ?? 1;
  const perSecond = match ? Number(match[1]) / seconds : 0;
  if (!(perSecond > 0)) throw invalid('must be a rate such as 14/s, 600/m or 5000/h');
  return perSecond;
}

export function timeZone(value: unknown): string {
  const zone = text(value);
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    throw invalid('is not a time zone. Write one such as Europe/Berlin, Asia/Seoul or UTC');
  }
}

export function locale(value: unknown): string {
  try {
    return Intl.getCanonicalLocales(text(value).replaceAll('_', '-'))[0] ?? 'en';
  } catch {
    throw invalid('is not a language. Write one such as en, ko or pt-BR');
  }
}

/** Networks of the proxies that are trusted to name the visitor's address, never everybody (R50). */
export function cidrs(value: unknown): readonly string[] {
  if (value === true || value === 'true') {
    throw invalid('must be a list of networks such as 10.0.0.0/8; true would trust everybody');
  }
  return list(value).map((item) => {
    const [address = '', bits] = item.split('/');
    const version = isIP(address);
    const max = version === 4 ? 32 : 128;
    if (version === 0 || (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= max))) {
      throw invalid(`must be a list of networks such as 10.0.0.0/8 (${JSON.stringify(item)} is not one)`);
    }
    if (bits === '0') throw invalid('must not trust every address (/0)');
    return item;
  });
}
