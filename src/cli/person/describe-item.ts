import type { AccessItem } from '../../flows/access/survey.ts';
import type { AccessKind } from '../../flows/access/kinds.ts';
import { plural } from '../../values/plural.ts';

const WORDS: Readonly<Record<AccessKind, readonly [one: string, many: string]>> = {
  totp: ['authenticator app', 'authenticator apps'],
  sms: ['phone for codes', 'phones for codes'],
  'recovery-codes': ['recovery code', 'recovery codes'],
  passkey: ['passkey or security key', 'passkeys or security keys'],
  session: ['session', 'sessions'],
  'remember-me': ['remembered device', 'remembered devices'],
  'api-token': ['API token', 'API tokens'],
  'oauth-grant': ['connected app', 'connected apps'],
  lockout: ['lockout', 'lockouts'],
  'must-change': ['must choose a new password', 'must choose a new password'],
};

/** `2 API tokens (personal access token)` */
export function describeItem({ kind, name, count, isCounted }: AccessItem): string {
  const [one, many] = WORDS[kind];
  const isSingle = kind === 'totp' || kind === 'lockout' || kind === 'must-change';
  const what = isCounted && kind !== 'must-change' ? plural(count, one, many) : isSingle ? one : many;
  return name === null ? what : `${what} (${name})`;
}
