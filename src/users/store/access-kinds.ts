/** What lets a person in (the first eight), or keeps a person out. In the order in which people read them. */
export const ACCESS_KINDS = [
  'totp',
  'sms',
  'recovery-codes',
  'passkey',
  'session',
  'remember-me',
  'api-token',
  'oauth-grant',
  'lockout',
  'must-change',
] as const;

export type AccessKind = (typeof ACCESS_KINDS)[number];
