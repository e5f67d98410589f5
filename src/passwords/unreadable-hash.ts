import { ResetError } from '../errors.ts';

/** Says which format could not read a stored hash, without showing the hash. */
export function unreadableHash(format: string): ResetError {
  return new ResetError(
    'config_invalid',
    `The stored password hash is not readable as ${format}. Look with: reset hashes; then set users.hash.`,
  );
}
