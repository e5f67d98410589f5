import { describe, expect, it } from 'vitest';
import { formats } from '../../src/passwords/formats/index.ts';
import { identifyFormat } from '../../src/passwords/find-format.ts';
import type { HashFormat } from '../../src/passwords/hash-format.ts';
import { createUnknownPassword } from '../../src/passwords/unknown-password.ts';
import { quickHashes, secretsOf, slowHashes } from './read-vectors.ts';

/** A lower number, or another word (a prefix, a digest). */
const isLess = (after: string | number | undefined, before: string | number | undefined): boolean =>
  typeof after === 'number' && typeof before === 'number' ? after < before : after !== before;

const all: readonly HashFormat[] = formats;
const claimants = (encoded: string): string[] =>
  all.filter((format) => format.identifies(encoded)).map((format) => format.name);

const namesOf = (format: HashFormat, encoded: string): string =>
  Object.keys(format.summary(encoded).parameters).join(' ');

/** The hash that takes the least work, of those with the parameters of the first example. */
const quickestOf = (format: HashFormat) =>
  quickHashes.find(
    (hash) =>
      hash.format === format &&
      namesOf(format, hash.encoded) === namesOf(format, format.examples[0]?.encoded ?? ''),
  )!;

describe.concurrent('a hash that real software made', () => {
  it.each(quickHashes)('$title verifies', async ({ format, password, encoded, pepper }) => {
    expect(await format.verify(password, encoded, { pepper })).toBe(true);
  });

  it('is claimed by one format, however slow it is', () => {
    const foreign = [...quickHashes, ...slowHashes].filter(({ format }) => format.reads === undefined);
    for (const { format, encoded } of foreign) expect(claimants(encoded)).toEqual([format.name]);
  });
});

describe.concurrent.each(all)('the format $name', (format) => {
  it('has examples, and takes no other password for the right one', async () => {
    expect(format.examples.length).toBeGreaterThan(0);
    const { password, encoded } = quickestOf(format);
    expect(await format.verify(`x${password}`, encoded)).toBe(false);
  });

  it('is the only one that claims its examples', () => {
    for (const { encoded } of format.examples) {
      expect(claimants(encoded)).toEqual(format.reads === undefined ? [format.name] : ['bcrypt']);
      expect(identifyFormat(encoded, format.name)).toBe(format);
    }
  });

  it('can hold the password of a lock', () => {
    expect(Buffer.byteLength(createUnknownPassword())).toBeLessThanOrEqual(format.maxBytes ?? Infinity);
  });

  it('refuses strings of other formats with config_invalid', async () => {
    for (const encoded of ['', 'plain text', '$1$abc$def', format.name]) {
      expect(format.identifies(encoded)).toBe(false);
      await expect(format.verify('any', encoded)).rejects.toMatchObject({ code: 'config_invalid' });
    }
  });

  it('shows an operator its parameters, never salt or digest', () => {
    for (const { encoded } of format.examples) {
      const summary = format.summary(encoded);
      expect(summary.format).toBe(format.name);
      const shown = JSON.stringify(summary);
      expect(secretsOf(encoded).filter((secret) => shown.includes(secret.slice(-8)))).toEqual([]);
    }
  });
});

const written = all.filter((format) => format.hash !== undefined);

const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
};

describe.concurrent.each(written)('what $name writes', (format) => {
  const password = 'Zwölf Boxkämpfer jagen 漢字 \'"\\';
  const like = quickestOf(format).encoded;
  const write = (): Promise<string> => Promise.resolve(format.hash?.(password, { like }) ?? '');
  // Slow by design: what several tests look at is made once.
  const likeTheRow = once(write);

  it('verifies, is claimed by nobody else and keeps the parameters of the row', async () => {
    const encoded = await likeTheRow();
    expect(await format.verify(password, encoded)).toBe(true);
    expect(claimants(encoded)).toEqual(format.reads === undefined ? [format.name] : ['bcrypt']);
    const { parameters: before } = format.summary(like);
    const { parameters: after } = format.summary(encoded);
    expect(Object.keys(after)).toEqual(Object.keys(before));
    expect(Object.keys(before).filter((name) => isLess(after[name], before[name]))).toEqual([]);
  });

  it('has another salt each time', async () => {
    const seen = [like, await likeTheRow()].flatMap(secretsOf);
    expect(seen.length).toBeGreaterThanOrEqual(2);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('goes into the columns of the application and back', async () => {
    const { columns } = format;
    const encoded = await likeTheRow();
    const values = columns?.split(encoded);
    expect(Object.keys(values ?? {})).toEqual(columns?.roles ?? []);
    expect(columns?.join(values ?? {}) ?? encoded).toBe(encoded);
    expect(columns?.join({ ...values, hash: null, secret: null }) ?? null).toBeNull();
  });
});
