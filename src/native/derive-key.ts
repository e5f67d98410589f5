import { pbkdf2Sync } from 'node:crypto';

export interface KeySource {
  readonly secret: string;
  /** what the key is for, as the application names it */
  readonly name: string;
  readonly passes: number;
  readonly digest: 'sha1' | 'sha256';
}

const KEY_BYTES = 64;

/** A site has few secrets; somebody who tries many must not fill the memory. */
const MOST_KEPT = 50;
const kept = new Map<string, Buffer>();

/**
 * A key of Rails' key generator: PBKDF2, 64 bytes. It takes up to 50 ms, so it is kept, as Rails itself does
 * (active_support/key_generator.rb: CachingKeyGenerator).
 */
export function deriveKey({ secret, name, passes, digest }: KeySource): Buffer {
  const source = JSON.stringify([secret, name, passes, digest]);
  const known = kept.get(source);
  if (known) return known;
  if (kept.size >= MOST_KEPT) kept.clear();
  const key = pbkdf2Sync(secret, name, passes, KEY_BYTES, digest);
  kept.set(source, key);
  return key;
}
