import { randomBytes } from 'node:crypto';

/** A password that nobody is ever told: 192 random bits in 32 ASCII characters, short enough for every format. */
export const createUnknownPassword = (): string => randomBytes(24).toString('base64url');
