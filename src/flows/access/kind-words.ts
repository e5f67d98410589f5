import type { AccessKind } from '../../users/store/access-kinds.ts';

/** What people call a kind: one of it, and several. */
export const KIND_WORDS: Readonly<Record<AccessKind, readonly [one: string, many: string]>> = {
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

/** `API tokens (personal access token)` */
export const describeKind = ({
  kind,
  name,
}: {
  readonly kind: AccessKind;
  readonly name: string | null;
}): string => (name === null ? KIND_WORDS[kind][1] : `${KIND_WORDS[kind][1]} (${name})`);
