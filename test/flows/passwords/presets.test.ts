import { it } from 'vitest';
import { eachDatabase } from '../../helpers/databases.ts';
import { isPossible, tellingPresets } from '../../helpers/preset-site.ts';
import { expectWholeWay } from './whole-way.ts';

eachDatabase('the whole way in the tables of', (open, dialect) => {
  it.each(tellingPresets.filter((preset) => isPossible(preset, dialect)))(
    'R93, R94: $name: mail, click, new password, sessions gone, notice',
    async (preset) => expectWholeWay(await open(), preset),
  );
});
