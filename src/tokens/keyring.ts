import type { KeyObject } from 'node:crypto';
import { createHmac, createSecretKey, hkdfSync } from 'node:crypto';
import { ResetError } from '../errors.ts';
import type { Secret } from '../values/secret.ts';
import { programName } from '../values/program-name.ts';

/** One configured secret and the keys derived from it: one key per purpose. */
export interface Key {
  /** 24 bits: enough to tell the few keys of one list apart, and short, because every link contains it */
  readonly kid: string;
  /** in the tokens and rows of older releases */
  readonly olderKid: string;
  /** signs and verifies tokens; a KeyObject, because jsonwebtoken is sixty times slower with a Buffer */
  readonly signing: KeyObject;
  /** makes fingerprints */
  readonly fingerprint: KeyObject;
  /** makes the random tokens of applications, so that a repeat has the same one */
  readonly native: KeyObject;
  /** makes one-time codes */
  readonly code: KeyObject;
  /** makes what the database keeps of them */
  readonly codeMac: KeyObject;
  /** marks the address to which a mail bounces */
  readonly bounce: KeyObject;
}

export interface Keyring {
  /** the first key of the list */
  readonly current: Key;
  /** by `kid` and `olderKid`, in memory only: no file, no SQL, no prototype (R16) */
  readonly all: ReadonlyMap<string, Key>;
}

/** Decoded secrets → keys. Throws config_invalid when there is none, and when two have one id (R17). */
export function createKeyring(secrets: readonly Secret<Buffer>[]): Keyring {
  const keys = secrets.map(deriveKeys);
  const [current] = keys;
  if (!current) {
    throw new ResetError(
      'config_invalid',
      `There is no signing key. Create one with: ${programName} keygen, and set RESET_SECRET.`,
    );
  }
  const twice = keys.find(({ kid }, index) => keys.findIndex((key) => key.kid === kid) < index);
  if (twice) {
    throw new ResetError(
      'config_invalid',
      `Two of the signing keys have the same id (${twice.kid}). Replace one of them: ${programName} keygen`,
    );
  }
  return {
    current,
    all: new Map(
      keys.flatMap((key) => [
        [key.kid, key],
        [key.olderKid, key],
      ]),
    ),
  };
}

function deriveKeys(secret: Secret<Buffer>): Key {
  const bytes = secret.reveal();
  const derive = (purpose: string): KeyObject =>
    createSecretKey(Buffer.from(hkdfSync('sha256', bytes, '', purpose, 32)));
  const id = createHmac('sha256', bytes).update('reset kid v1').digest('base64url');
  return {
    kid: id.slice(0, 4),
    olderKid: id.slice(0, 12),
    signing: createSecretKey(bytes),
    fingerprint: derive('reset fingerprint v1'),
    native: derive('reset native v1'),
    code: derive('reset one-time code v1'),
    codeMac: derive('reset one-time code mac v1'),
    bounce: derive('reset bounce v1'),
  };
}
