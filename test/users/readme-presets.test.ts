import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Preset } from '../../src/users/preset.ts';
import { presets } from '../../src/users/presets/index.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const rows = readme
  .slice(readme.indexOf('## Use it with your application'))
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) => line.split('|').map((cell) => cell.trim()));

it.each(presets as readonly Preset[])(
  'the README says what stands behind $name, as `reset presets` does',
  ({ name, title, evidence }) => {
    expect(rows).toContainEqual(['', title, `\`${name}\``, evidence, '']);
  },
);
