import { createHmac, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { Secret } from '../../src/values/secret.ts';
import { fingerprint, matchesFingerprint } from '../../src/tokens/fingerprint.ts';
import { createKeyring } from '../../src/tokens/keyring.ts';

const secret = randomBytes(32);
const { current: key } = createKeyring([new Secret(secret)]);
const user = { id: '1', encoded: '$2b$12$abcdefghijklmnopqrstuv', email: 'a@b.test' };
const print = (changes: Partial<{ id: string; encoded: string | null; email: string }>) =>
  fingerprint(key, { ...user, ...changes });

it('R05: changes with the id, the hash and the e-mail', () => {
  const prints = [print({}), print({ id: '2' }), print({ encoded: 'x' }), print({ email: 'b@b.test' })];
  expect(new Set(prints).size).toBe(prints.length);
});

it('R05: a user without a password is not one with an empty one', () => {
  expect(print({ encoded: null })).not.toBe(print({ encoded: '' }));
  expect(print({ encoded: null })).toBe(print({ encoded: null }));
});

it('R05: fields do not run into one another', () => {
  expect(print({ id: 'ab', encoded: 'c' })).not.toBe(print({ id: 'a', encoded: 'bc' }));
  expect(print({ encoded: 'ab', email: 'c' })).not.toBe(print({ encoded: 'a', email: 'bc' }));
});

it('R05: has 128 bits, under a key that does not sign', () => {
  expect(Buffer.from(print({}), 'base64url')).toHaveLength(16);
  const withSigningKey = createHmac('sha256', secret)
    .update(`1:${user.id}${user.encoded.length}:${user.encoded}${user.email.length}:${user.email}`)
    .digest('base64url');
  expect(withSigningKey.startsWith(print({}).slice(0, 21))).toBe(false);
});

it('R05: the 256 bits of an older release are compared whole', () => {
  const older = createHmac('sha256', key.fingerprint)
    .update(`1:${user.id}${user.encoded.length}:${user.encoded}${user.email.length}:${user.email}`)
    .digest('base64url');
  expect(older.startsWith(print({}).slice(0, 21))).toBe(true);
  expect(matchesFingerprint(key, user, older)).toBe(true);
  expect(matchesFingerprint(key, { ...user, encoded: 'x' }, older)).toBe(false);
  const changedBehind = `${older.slice(0, -2)}${older.at(-2) === 'A' ? 'B' : 'A'}${older.slice(-1)}`;
  expect(matchesFingerprint(key, user, changedBehind)).toBe(false);
});

it('R40: compares in constant time and does not throw on another length', () => {
  expect(matchesFingerprint(key, user, print({}))).toBe(true);
  expect(matchesFingerprint(key, user, 'short')).toBe(false);
  expect(matchesFingerprint(key, user, '')).toBe(false);
});
