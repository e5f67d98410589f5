import { createHash, createHmac } from 'node:crypto';
import { ResetError } from '../errors.ts';
import { isKeyed, type PrehashKind } from '../values/prehash-kinds.ts';

/** What an application turns a password into before the hash format sees it. */
export interface Prehash {
  readonly kind: PrehashKind;
  /** of `hmac-sha512-base64` */
  readonly key?: string | undefined;
}

const KINDS: Readonly<Record<PrehashKind, (password: string, key: string) => string>> = {
  /** Matomo, UsersManager::getPasswordHash: https://github.com/matomo-org/matomo/blob/5.x-dev/plugins/UsersManager/UsersManager.php */
  md5: (password) => createHash('md5').update(password).digest('hex'),
  /** NodeBB: https://github.com/NodeBB/NodeBB/blob/v3.x/src/password.js */
  'sha512-hex': (password) => createHash('sha512').update(password).digest('hex'),
  'sha512-base64': (password) => createHash('sha512').update(password).digest('base64'),
  /** Flask-Security, get_hmac with SECURITY_PASSWORD_SALT as the key: flask_security/utils.py */
  'hmac-sha512-base64': (password, key) => createHmac('sha512', key).update(password).digest('base64'),
};

/**
 * The text that goes into the format. What a format cannot keep (bcrypt: 72 bytes) is cut, as the applications' own
 * libraries do: half of such a digest is still impossible to guess.
 */
export function applyPrehash(
  password: string,
  prehash: Prehash | undefined,
  maxBytes: number | undefined,
): string {
  if (prehash === undefined) return password;
  const { kind, key = '' } = prehash;
  if (isKeyed(kind) && key === '')
    throw new ResetError('config_invalid', 'users.hash has no prehashKey, so no password can be hashed.');
  return KINDS[kind](password, key).slice(0, maxBytes);
}
