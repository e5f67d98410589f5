import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql, eachBrokenSetup } from './broken-setups.ts';

eachBrokenSetup('a database and our tables', [
  {
    name: 'no database named',
    check: 'configuration',
    says: /database .*is not set/,
    tells: /RESET_DATABASE/,
    breakIt: (setup) => setup.configure({ database: undefined }),
    remedy: (setup) => setup.configure({ database: setup.database }),
  },
  {
    name: 'a database of another kind',
    check: 'configuration',
    says: /database .*must be sqlite:/,
    tells: /postgres:/,
    breakIt: (setup) => setup.configure({ database: 'oracle://db' }),
    remedy: (setup) => setup.configure({ database: setup.database }),
  },
  {
    name: 'a database file that is not there',
    check: 'database',
    says: /There is no database file/,
    tells: /Check the path/,
    breakIt: (setup) => setup.configure({ database: 'sqlite:/nowhere/app.db' }),
    remedy: (setup) => setup.configure({ database: setup.database }),
  },
  {
    name: 'a file that is no database',
    check: 'database',
    says: /not an SQLite database/,
    tells: /Check the file/,
    breakIt: async (setup) => {
      await writeFile(join(setup.folder, 'notes.db'), 'x'.repeat(5000));
      await setup.configure({ database: `sqlite:${join(setup.folder, 'notes.db')}` });
    },
    remedy: (setup) => setup.configure({ database: setup.database }),
  },
  {
    name: 'tables that are not migrated',
    check: 'tables',
    says: /missing or old: 0006/,
    tells: /reset migrate/,
    ...sql(async (db) => {
      await db.schema.dropTable('reset_smoke');
      await db('reset_migrations').where({ name: '0006_smoke.js' }).delete();
    }),
  },
  {
    name: 'tables of a newer release',
    check: 'tables',
    says: /newer release/,
    tells: /npm install/,
    ...sql(
      (db) => db('reset_migrations').insert({ name: '9999_later.js', batch: 9 }),
      (db) => db('reset_migrations').where({ name: '9999_later.js' }).delete(),
    ),
  },
]);
