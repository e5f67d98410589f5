import { describe, expect, it } from 'vitest';
import { formats } from '../../src/passwords/formats/index.ts';
import { identifyFormat } from '../../src/passwords/find-format.ts';
import type { HashFormat } from '../../src/passwords/hash-format.ts';
import { vectors } from './read-vectors.ts';

/** A lower number, or another word (a prefix, a digest). */
const isLess = (after: string | number | undefined, before: string | number | undefined): boolean =>
  typeof after === 'number' && typeof before === 'number' ? after < before : after !== before;

const all: readonly HashFormat[] = formats;
const claimants = (encoded: string): string[] =>
  all.filter((format) => format.identifies(encoded)).map((format) => format.name);

/** Salts and digests: what is long and has digits in it. */
const secretsOf = (encoded: string): string[] =>
  (encoded.match(/[A-Za-z0-9+/.]{20,}/g) ?? []).filter((part) => /\d/.test(part));

/** Verified already, as a vector. Only a lookalike must verify it once more. */
const isVector = (encoded: string): boolean =>
  vectors.some((vector) => vector.encoded === encoded) && !encoded.startsWith('$2y$13$');

describe.concurrent('every hash that real software made', () => {
  it.each(vectors)('$title verifies', async ({ password, encoded, pepper }) => {
    expect(claimants(encoded)).toHaveLength(1);
    expect(await identifyFormat(encoded)?.verify(password, encoded, { pepper })).toBe(true);
  });
});

describe.concurrent.each(all)('the format $name', (format) => {
  it('has examples, which it verifies, and takes no other password for one', async () => {
    expect(format.examples.length).toBeGreaterThan(0);
    const [{ password: right, encoded: first }] = format.examples as [HashFormat['examples'][number]];
    expect(await format.verify(`x${right}`, first)).toBe(false);
    for (const { password, encoded } of format.examples.filter((example) => !isVector(example.encoded)))
      expect(await format.verify(password, encoded)).toBe(true);
  });

  it('is the only one that claims its examples', () => {
    for (const { encoded } of format.examples) {
      expect(claimants(encoded)).toEqual(format.reads === undefined ? [format.name] : ['bcrypt']);
      expect(identifyFormat(encoded, format.name)).toBe(format);
    }
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

describe.concurrent.each(written)('what $name writes', (format) => {
  const password = 'Zwölf Boxkämpfer jagen 漢字 \'"\\';
  const write = (options = {}): Promise<string> => Promise.resolve(format.hash?.(password, options) ?? '');

  it('verifies, is claimed by nobody else and keeps the parameters of the row', async () => {
    const like = format.examples[0]?.encoded ?? '';
    const encoded = await write({ like });
    expect(await format.verify(password, encoded)).toBe(true);
    expect(claimants(encoded)).toEqual(format.reads === undefined ? [format.name] : ['bcrypt']);
    const { parameters: before } = format.summary(like);
    const { parameters: after } = format.summary(encoded);
    expect(Object.keys(after)).toEqual(Object.keys(before));
    expect(Object.keys(before).filter((name) => isLess(after[name], before[name]))).toEqual([]);
  });

  it('has another salt each time, and goes into the columns of the application and back', async () => {
    const { columns } = format;
    const [encoded, other] = await Promise.all([write(), write()]);
    expect(encoded).not.toBe(other);
    const values = columns?.split(encoded);
    expect(Object.keys(values ?? {})).toEqual(columns?.roles ?? []);
    expect(columns?.join(values ?? {}) ?? encoded).toBe(encoded);
    expect(columns?.join({ ...values, hash: null, secret: null }) ?? null).toBeNull();
  });
});
