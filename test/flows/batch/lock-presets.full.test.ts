import { it } from 'vitest';
import { eachDatabase } from '../../helpers/databases.ts';
import { isPossible, otherPresets } from '../../helpers/preset-site.ts';
import { expectLockedOut } from './lock-preset.ts';

eachDatabase(
  'breach mode in the tables of',
  (open, dialect) => {
    it.each(otherPresets.filter((preset) => isPossible(preset, dialect)))(
      '$name: a wrong password and no error, no sessions, and a link helps',
      async (preset) => expectLockedOut(await open(), preset),
    );
  },
  ['sqlite'],
);
