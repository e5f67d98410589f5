import { programName } from '../values/program-name.ts';
import type { Issuer } from './issuer.ts';

/** One way to read what was given as the application's secret. */
export interface SecretReading {
  readonly secret: string;
  /** what was done to it, as words for the operator; undefined: nothing */
  readonly note: string | undefined;
}

const PRINTABLE = /^[\x20-\x7e]{8,}$/;

/** What people give instead of a secret: a line of a file, its quotes, or the secret in base64. */
const READINGS: readonly (readonly [note: string, read: (given: string) => string | undefined])[] = [
  ['without the spaces around it', (given) => given.trim()],
  ['without the quotes around it', (given) => /^\s*(["'])(.*)\1\s*$/.exec(given)?.[2]],
  [
    'without the name before it',
    (given) => /^\s*(?:export\s+)?["']?\w+["']?\s*[:=](?!=$)\s*(["']?)(.*?)\1,?\s*$/.exec(given)?.[2],
  ],
  ['decoded from base64', decodeBase64],
];

function decodeBase64(given: string): string | undefined {
  const text = given.trim().replace(/^base64:/, '');
  if (!/^[A-Za-z0-9+/_-]{8,}={0,2}$/.test(text)) return undefined;
  const decoded = Buffer.from(text, 'base64')
    .toString('latin1')
    .replace(/\r?\n$/, '');
  return PRINTABLE.test(decoded) ? decoded : undefined;
}

/** As it was given, then every other way. The secret that is right says which it is. */
export function secretReadings(given: string): SecretReading[] {
  const others = READINGS.map(([note, read]) => ({ note, secret: read(given) }));
  const seen = new Set([given]);
  const further = others.flatMap(({ note, secret }) => {
    if (secret === undefined || secret === '' || seen.has(secret)) return [];
    seen.add(secret);
    return [{ note, secret }];
  });
  return [{ secret: given, note: undefined }, ...further];
}

/** A secret for Rails whose shape says that it is the key of the credentials instead; a sentence for the operator. */
export const masterKey = (issuer: Pick<Issuer, 'secret'>, given: string): string | undefined =>
  /^secret_key_base/i.test(issuer.secret ?? '') && /^[0-9a-f]{32}$/.test(given)
    ? `The secret looks like config/master.key, which only opens the credentials. If it is, take what this prints: bin/rails runner 'print Rails.application.secret_key_base'`
    : undefined;

/** Why a secret may not be the right one; sentences for the operator. */
export function secretDoubts(issuer: Pick<Issuer, 'secret'>, given: string): string[] {
  const called = issuer.secret ?? '';
  const others = secretReadings(given).flatMap(({ note }) => note ?? []);
  return [
    ...others.map(
      (note) =>
        `The ${called} is used as it was given. If it is the right one only ${note}, the application refuses these links: write it like that. A link that the application has mailed tells: ${programName} verify --native LINK`,
    ),
    ...[masterKey(issuer, given)].filter((each) => each !== undefined),
  ];
}

/** The end of base64 looks like a name that has no value. */
const isPadded = (given: string): boolean => given.length % 4 === 0 && /^[\w+/-]+={1,2}$/.test(given);

/** Secrets whose shape says that they cannot be the right one; a sentence for the operator. */
export function strangeSecret(issuer: Pick<Issuer, 'name' | 'secret'>, given: string): string | undefined {
  const called = issuer.secret ?? '';
  if (given.startsWith('base64:')) {
    return `It begins with base64:, as Laravel's APP_KEY does, which signs no reset link. ${issuer.name} signs with its ${called}.`;
  }
  if (/^-----BEGIN |^\{.*\}$/s.test(given)) return `It looks like a file of keys, not like the ${called}.`;
  if (!isPadded(given) && /^\s*(?:export\s+)?\w+\s*[:=]\s*(["']?)\1\s*$/.test(given))
    return `It is a name without a value: the application's own ${called} is empty. Set one there first.`;
  if (/^(?:[\w-]+\s*=\s*)?\[.*\]$/.test(given.trim()))
    return `It looks like a list. Write one secret per line, the ${called} first.`;
  if (/^[A-Za-z0-9+/]+={0,2}(?:--[A-Za-z0-9+/]+={0,2}){2}$/.test(given.trim()))
    return `It looks like config/credentials.yml.enc, which is encrypted. Take what this prints: bin/rails runner 'print Rails.application.secret_key_base'`;
  return undefined;
}
