import { expect, it } from 'vitest';
import { findFormat } from '../../../src/passwords/find-format.ts';
import { checkMapping, resolveMapping } from '../../../src/users/mapping/index.ts';
import type { Preset } from '../../../src/users/preset/preset.ts';
import { presets } from '../../../src/users/presets/index.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { createExample, presetFor } from '../../helpers/example-tables.ts';
import { oldHashParts } from '../../helpers/old-hash.ts';

const codecOf = (format: string) => findFormat(format).columns;
const cases = (presets as readonly Preset[]).flatMap((preset) =>
  Object.entries(preset.without ?? {}).map(([table, because]) => ({ preset, table, because })),
);

eachDatabase('a release that a preset is not for', (open) => {
  it.each(cases)(
    '$preset.name is refused beside the table $table',
    async ({ preset: original, table, because }) => {
      const { db } = await open();
      const preset = presetFor(db, original);
      await createExample(db, preset, await oldHashParts(preset));
      const mapping = resolveMapping(preset, {}, { codecOf });
      expect((await checkMapping(db, mapping)).table).toBe(mapping.table);
      await db.schema.createTable(table, (created) => void created.increments('id'));
      await expect(checkMapping(db, mapping)).rejects.toMatchObject({
        code: 'config_invalid',
        message: expect.stringContaining(because) as string,
      });
    },
  );
});
