import { it } from 'vitest';
import type { Preset } from '../../../src/users/preset/preset.ts';
import { presets } from '../../../src/users/presets/index.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { isPossible } from '../../helpers/preset-site.ts';
import { expectLockedOut, isOneOfFew } from './lock-preset.ts';

const all: readonly Preset[] = presets;

eachDatabase(
  'breach mode in the tables of',
  (open, dialect) => {
    it.each(all.filter((preset) => !isOneOfFew(preset) && isPossible(preset, dialect)))(
      '$name: a wrong password and no error, no sessions, and a link helps',
      async (preset) => expectLockedOut(await open(), preset),
    );
  },
  ['sqlite'],
);
