/** What an application may make of a password before its hash function sees it (`users.hash.prehash`). */
export const PREHASH_KINDS = ['md5', 'sha512-hex', 'sha512-base64', 'hmac-sha512-base64'] as const;
export type PrehashKind = (typeof PREHASH_KINDS)[number];

/** An HMAC has a key, the others none. */
export const isKeyed = (kind: PrehashKind): boolean => kind === 'hmac-sha512-base64';
