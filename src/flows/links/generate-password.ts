import { randomBytes } from 'node:crypto';
import type { App } from '../../app.ts';
import type { GoodToken } from './verify-reset-token.ts';
import { checkNewPassword } from '../passwords/check-new-password.ts';
import { ResetError } from '../../errors.ts';

/** 20 characters of base32 in five groups: 100 random bits, easy to read over the phone. */
const GROUPS = 5;
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz234567891'; // 32 characters that cannot be confused when read aloud or printed

/**
 * A password that the policy accepts for the token's user. Throws password_rejected if no generated one is accepted.
 */
export async function generatePassword(app: App, { user }: GoodToken): Promise<string> {
  const password = Array.from({ length: GROUPS }, randomGroup).join('-');
  const { violations } = await checkNewPassword(app, user, password);
  if (violations.length > 0) {
    throw new ResetError(
      'password_rejected',
      'The policy refuses even a generated password. Check password.minLength.',
      {
        details: { violations },
      },
    );
  }
  return password;
}

const randomGroup = (): string => [...randomBytes(4)].map((byte) => ALPHABET[byte % 32]).join('');
