import { ResetError } from '../errors.ts';
import { programName } from '../values/program-name.ts';

/** Says which format could not read a stored hash, without showing the hash. */
export function unreadableHash(format: string): ResetError {
  return new ResetError(
    'config_invalid',
    `The stored password hash is not readable as ${format}. See: ${programName} hashes; then set users.hash.`,
  );
}
