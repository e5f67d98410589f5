import { expect, it } from 'vitest';
import { formats } from '../../../src/passwords/formats/index.ts';
import type { HashFormat } from '../../../src/passwords/hash-format.ts';
import { createUsersTable } from '../../../src/users/writing/create-users-table.ts';
import { detectPresets } from '../../../src/users/recognition/detect.ts';
import type { Preset } from '../../../src/users/preset/preset.ts';
import { presets } from '../../../src/users/presets/index.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { createExample } from '../../helpers/example-tables.ts';

const all = formats as readonly HashFormat[];
const options = {
  identify: (encoded: string) => all.find((format) => format.identifies(encoded))?.name,
  codecOf: (name: string) => all.find((format) => format.name === name)?.columns,
};
/** Nothing in their tables is theirs alone, so only the operator can say which one it is. */
const generic = (presets as readonly Preset[]).filter(({ marks }) => !marks).map(({ name }) => name);

/** Tables of applications that no preset is for, each with a bcrypt hash. */
const FOREIGN: Readonly<Record<string, readonly string[]>> = {
  "Flask's tutorial": ['id', 'username', 'email', 'image_file', 'password'],
  "Prisma's and Auth.js' User": ['id', 'email', 'name', 'password'],
  TypeORM: ['id', 'email', 'firstName', 'lastName', 'password', 'isActive'],
  "Symfony's MakerBundle, alone": ['id', 'email', 'roles', 'password'],
  Umami: ['user_id', 'username', 'password', 'role', 'created_at'],
  'n8n by its name only': ['id', 'email', 'firstName', 'password', 'disabled', 'updatedAt'],
};

eachDatabase('detectPresets', (open, dialect) => {
  /** Supabase is a schema of PostgreSQL. */
  const isTellable = ({ schema }: Preset) => schema === undefined || dialect === 'postgres';

  it.each((presets as readonly Preset[]).filter(isTellable))(
    'recognises $name by its tables, and says by what',
    async (preset) => {
      const { db } = await open();
      const format = all.find(({ name }) => name === preset.hashFormat)!;
      const { encoded } = format.examples[0]!;
      await createExample(db, preset, format.columns?.split(encoded) ?? { hash: encoded });
      const [best, second] = await detectPresets(db, options);
      const isGeneric = generic.includes(preset.name);
      expect(best?.isMarked).toBe(!isGeneric);
      expect(isGeneric ? preset.name : best?.preset).toBe(preset.name);
      expect(isGeneric ? Infinity : best?.score).toBeGreaterThan(second?.score ?? 0);
      expect(best?.reasons.length).toBeGreaterThan(0);
    },
  );

  it('recognises the table of our own', async () => {
    const { db } = await open();
    await createUsersTable(db);
    expect((await detectPresets(db, options))[0]?.preset).toBe('default');
  });

  it.each(['user', 'users', 'User'])(
    'is certain of no application in a table %s of somebody else',
    async (name) => {
      for (const [application, columns] of Object.entries(FOREIGN)) {
        const { db } = await open();
        await db.schema.createTable(name, (table) => {
          for (const column of columns) {
            if (column === columns[0]) table.increments(column);
            else table.string(column, 100);
          }
        });
        await db(name).insert({ password: '$2b$12$yxfSS9GV4KRGRbZ/krr9kuLHNtJopaYxshfHryYDdZuC4E1yeyqOO' });
        const found = await detectPresets(db, options);
        expect(found.filter(({ isMarked }) => isMarked).map(({ preset }) => [application, preset])).toEqual(
          [],
        );
      }
    },
  );

  it('finds nothing in an empty database', async () => {
    const { db } = await open();
    expect(await detectPresets(db, options)).toEqual([]);
  });
});
