import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { connect } from '../../../src/db/connect.ts';
import { findDatabases } from '../../../src/flows/setup/find-databases.ts';
import { makeFolder } from '../../helpers/run-reset.ts';

const WORDPRESS = `<?php
// define( 'DB_NAME', 'an_old_one' );
define( 'DB_NAME', 'blog' );
define('DB_USER', "editor");
define( 'DB_PASSWORD', 'p@ss/word' );
define( 'DB_HOST', 'db.example.com:3307' );
`;
const LARAVEL = `APP_NAME=Shop
DB_CONNECTION=pgsql
DB_HOST=127.0.0.1
DB_PORT=5433
DB_DATABASE=shop
DB_USERNAME=shop
DB_PASSWORD="secret 1"
`;

describe('the databases that init proposes', () => {
  it('are the SQLite files where frameworks keep them, and nothing that only has their name', async () => {
    const folder = await makeFolder();
    mkdirSync(join(folder, 'instance'));
    for (const name of ['db.sqlite3', 'instance/app.db']) {
      const db = await connect(`sqlite:${join(folder, name)}`, { mayCreate: true });
      await db.schema.createTable('user', (table) => table.increments('id'));
      await db.destroy();
    }
    writeFileSync(join(folder, 'notes.db'), 'no database');
    expect(findDatabases(folder).map(({ url }) => url)).toEqual([
      'sqlite:db.sqlite3',
      'sqlite:instance/app.db',
    ]);
  });

  it.each([
    [
      'wp-config.php',
      WORDPRESS,
      'mysql://editor:p%40ss%2Fword@db.example.com:3307/blog',
      'the database blog on db.example.com, from wp-config.php',
    ],
    [
      '.env',
      LARAVEL,
      'postgres://shop:secret%201@127.0.0.1:5433/shop',
      'the database shop on 127.0.0.1, from .env',
    ],
  ])('are what %s says, shown without the password', async (name, text, url, label) => {
    const folder = await makeFolder();
    writeFileSync(join(folder, name), text);
    expect(findDatabases(folder)).toEqual([{ url, label }]);
  });

  it.each([
    ['wp-config.php', WORDPRESS],
    ['.env', LARAVEL],
  ])('are not taken from a %s that others could have written', async (name, text) => {
    const folder = await makeFolder();
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o666);
    expect(findDatabases(folder)).toEqual([]);
  });

  it.each([
    ['nothing', undefined],
    ['a wp-config.php without a name', `define('DB_USER', 'x');`],
    ['a name in a comment', `# define('DB_NAME', 'x'); define('DB_USER', 'y');`],
  ])('are none where the folder holds %s', async (_what, text) => {
    const folder = await makeFolder();
    if (text !== undefined) writeFileSync(join(folder, 'wp-config.php'), text);
    expect(findDatabases(folder)).toEqual([]);
  });
});
