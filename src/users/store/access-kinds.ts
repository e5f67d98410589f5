/** What lets a person in. In the order in which people read them. */
export const LETS_IN = [
  'totp',
  'sms',
  'recovery-codes',
  'passkey',
  'session',
  'remember-me',
  'api-token',
  'oauth-grant',
] as const;

/** And what keeps a person out. */
export const ACCESS_KINDS = [...LETS_IN, 'lockout', 'must-change'] as const;

export type AccessKind = (typeof ACCESS_KINDS)[number];
