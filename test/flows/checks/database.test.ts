import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql, eachBrokenSetup } from './broken-setups.ts';

eachBrokenSetup('a database and our tables', [
  {
    name: 'no database named',
    code: 'key_missing',
    says: /database .*is not set/,
    advice: /RESET_DATABASE/,
    breakIt: (setup) => setup.configure({ database: undefined }),
    remedy: (setup) => setup.configure({ database: setup.database }),
  },
  {
    name: 'a database of another kind',
    code: 'key_invalid',
    says: /database .*must be sqlite:/,
    advice: /postgres:/,
    breakIt: (setup) => setup.configure({ database: 'oracle://db' }),
    remedy: (setup) => setup.configure({ database: setup.database }),
  },
  {
    name: 'a database file that is not there',
    code: 'database_unusable',
    says: /There is no database file/,
    advice: /Check the path/,
    breakIt: (setup) => setup.configure({ database: 'sqlite:/nowhere/app.db' }),
    remedy: (setup) => setup.configure({ database: setup.database }),
  },
  {
    name: 'a file that is no database',
    code: 'database_unusable',
    says: /not an SQLite database/,
    advice: /Check the file/,
    breakIt: async (setup) => {
      await writeFile(join(setup.folder, 'notes.db'), 'x'.repeat(5000));
      await setup.configure({ database: `sqlite:${join(setup.folder, 'notes.db')}` });
    },
    remedy: (setup) => setup.configure({ database: setup.database }),
  },
  {
    name: 'tables that are not migrated',
    code: 'tables_old',
    says: /missing or old: 0006/,
    advice: /reset migrate/,
    ...sql(async (db) => {
      await db.schema.dropTable('reset_smoke');
      await db('reset_migrations').where({ name: '0006_smoke.js' }).delete();
    }),
  },
  {
    name: 'tables of a newer release',
    code: 'tables_newer',
    says: /newer release/,
    advice: /npm install/,
    ...sql(
      (db) => db('reset_migrations').insert({ name: '9999_later.js', batch: 9 }),
      (db) => db('reset_migrations').where({ name: '9999_later.js' }).delete(),
    ),
  },
]);
