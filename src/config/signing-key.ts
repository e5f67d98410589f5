import { readSecretFile } from './secret-file.ts';
import { Secret } from '../values/secret.ts';
import { ResetError } from '../errors.ts';
import { decodeText } from '../values/decode-text.ts';
import { programName } from '../values/program-name.ts';

const MIN_BYTES = 32; // RFC 7518 §3.2: as long as the output of SHA-256
const MIN_DISTINCT_BYTES = 8; // 32 random bytes have about 30 different ones; fewer than 8 never happens

/**
 * `hex:…`, `base64url:…` or `file:PATH` → the decoded bytes that sign tokens (R01, R02). A file holds one line in
 * one of the first two forms, or the raw bytes. Throws config_invalid; never echoes the value.
 */
export function parseSigningKey(text: string): Secret<Buffer> {
  const bytes = text.startsWith('file:') ? decodeFile(text.slice(5)) : decodeKey(text);
  if (!bytes) {
    throw refuse(
      `does not say its encoding. Write hex:…, base64url:… or file:PATH, or create one with: ${programName} keygen`,
    );
  }
  const weakness = weaknessOf(bytes);
  if (weakness) throw refuse(`${weakness}. Create a good one with: ${programName} keygen`);
  return new Secret(bytes);
}

function decodeFile(path: string): Buffer {
  const bytes = readSecretFile(path);
  return decodeKey(decodeText(bytes).trim()) ?? bytes;
}

function decodeKey(text: string): Buffer | undefined {
  const match = /^(hex|base64url):(.*)$/s.exec(text);
  if (!match) return undefined;
  const [, encoding, digits = ''] = match;
  const isHex = encoding === 'hex';
  const wellFormed = isHex ? /^([0-9a-f]{2})*$/i.test(digits) : /^[A-Za-z0-9_-]*$/.test(digits);
  if (!wellFormed) throw refuse(`is not valid ${isHex ? 'hex' : 'base64url'}`);
  return Buffer.from(digits, isHex ? 'hex' : 'base64url');
}

/** Refuses whatever a person typed, copied from a tutorial, or took from another key. */
function weaknessOf(bytes: Buffer): string | undefined {
  if (bytes.length < MIN_BYTES) return `has ${bytes.length} bytes; at least ${MIN_BYTES} are needed`;
  if (bytes.every((byte) => byte >= 0x20 && byte < 0x7f)) return 'is readable text, not random bytes';
  if (isKeyFile(bytes.toString('latin1'))) return 'is a key file of another kind (PEM or JSON)';
  if (new Set(bytes).size < MIN_DISTINCT_BYTES) return 'repeats the same few bytes';
  return undefined;
}

function isKeyFile(text: string): boolean {
  if (text.includes('-----BEGIN ')) return true;
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}

const refuse = (why: string) => new ResetError('config_invalid', `The signing key ${why}.`);
