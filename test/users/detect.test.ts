import { expect, it } from 'vitest';
import { formats } from '../../src/passwords/formats/index.ts';
import type { HashFormat } from '../../src/passwords/hash-format.ts';
import { createUsersTable } from '../../src/users/writing/create-users-table.ts';
import { detectPresets } from '../../src/users/detect.ts';
import type { Preset } from '../../src/users/preset.ts';
import { presets } from '../../src/users/presets/index.ts';
import { eachDatabase } from '../helpers/databases.ts';
import { createExample } from '../helpers/example-tables.ts';

const all = formats as readonly HashFormat[];
const options = {
  identify: (encoded: string) => all.find((format) => format.identifies(encoded))?.name,
  codecOf: (name: string) => all.find((format) => format.name === name)?.columns,
};
/** These two are told apart from others by nothing but the operator's word. */
const generic = ['bcrypt', 'default'];

eachDatabase('detectPresets', (open, dialect) => {
  /** Supabase is a schema of PostgreSQL. */
  const isTellable = ({ name, schema }: Preset) =>
    !generic.includes(name) && (schema === undefined || dialect === 'postgres');

  it.each((presets as readonly Preset[]).filter(isTellable))(
    'recognises $name by its tables, and says by what',
    async (preset) => {
      const { db } = await open();
      const format = all.find(({ name }) => name === preset.hashFormat)!;
      const { encoded } = format.examples[0]!;
      await createExample(db, preset, format.columns?.split(encoded) ?? { hash: encoded });
      const [best, second] = await detectPresets(db, options);
      expect(best?.preset).toBe(preset.name);
      expect(best?.score).toBeGreaterThan(second?.score ?? 0);
      expect(best?.reasons.length).toBeGreaterThan(0);
    },
  );

  it('recognises the table of our own', async () => {
    const { db } = await open();
    await createUsersTable(db);
    expect((await detectPresets(db, options))[0]?.preset).toBe('default');
  });

  it('finds nothing in an empty database', async () => {
    const { db } = await open();
    expect(await detectPresets(db, options)).toEqual([]);
  });
});
