import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Preset } from '../../../src/users/preset/preset.ts';
import { presets } from '../../../src/users/presets/index.ts';

const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
const rows = new Map(
  [...readme.matchAll(/^\| [^|]+ \| `([a-z0-9-]+)` \| (\w+) \|$/gm)].map(([, name = '', proof = '']) => [
    name,
    proof,
  ]),
);

/** login, hasher, vectors, source or tests: the one word of what stands behind a preset. */
const proofOf = (evidence: string): string =>
  /^real (\w+):/.exec(evidence)?.[1] ??
  (evidence.startsWith('ours:') ? 'tests' : (/^\w+/.exec(evidence)?.[0] ?? ''));

it.each(presets as readonly Preset[])(
  'the README says in one word how $name was proven, as `reset presets` does',
  ({ name, evidence }) => {
    expect(rows.get(name)).toBe(proofOf(evidence));
  },
);
