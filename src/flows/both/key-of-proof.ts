import { ResetError } from '../../errors.ts';
import type { Key, Keyring } from '../../tokens/keyring.ts';
import { programName } from '../../values/program-name.ts';

/** The key under which an intent says how its write is recognised. Throws config_invalid where it is gone. */
export function keyOfProof(
  { all }: Keyring,
  { kid, what }: { readonly kid: string; readonly what: string },
): Key {
  const key = all.get(kid);
  if (key) return key;
  throw new ResetError(
    'config_invalid',
    `${what} was interrupted, and the signing key ${kid} that says whether it was written is gone. Put the key back into "secret", then: ${programName} status`,
  );
}
