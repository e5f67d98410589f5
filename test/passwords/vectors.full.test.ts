import { describe, expect, it } from 'vitest';
import { formats } from '../../src/passwords/formats/index.ts';
import type { HashFormat } from '../../src/passwords/hash-format.ts';
import { secretsOf, slowHashes } from './read-vectors.ts';

describe.concurrent('a hash that real software made', () => {
  it.each(slowHashes)('$title verifies', async ({ format, password, encoded, pepper }) => {
    expect(await format.verify(password, encoded, { pepper })).toBe(true);
  });
});

/** Their parameters are fixed by the application: nothing stronger would be read. */
const fixed = ['grafana', 'payload-legacy', 'redmine'];
const all: readonly HashFormat[] = formats;

describe.concurrent.each(all.filter(({ hash }) => hash !== undefined))(
  'what $name writes with nothing to go by',
  ({ name, hash, needsRehash, columns }) => {
    const write = async (): Promise<string> => (await hash?.('seven green apples', {})) ?? '';

    it('R37: is not below the floors, and has another salt each time', async () => {
      const written = [await write(), await write()];
      expect(fixed.includes(name) || !written.some((encoded) => needsRehash(encoded))).toBe(true);
      const seen = written.flatMap(secretsOf);
      expect(seen.length).toBeGreaterThanOrEqual(2);
      expect(new Set(seen).size).toBe(seen.length);
    });

    it('goes into the columns of the application and back', async () => {
      const encoded = await write();
      const values = columns?.split(encoded);
      expect(Object.keys(values ?? {})).toEqual(columns?.roles ?? []);
      expect(columns?.join(values ?? {}) ?? encoded).toBe(encoded);
    });
  },
);
