import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { connect } from '../../../src/db/connect.ts';
import { listTables } from '../../../src/db/introspect.ts';
import { django } from '../../../src/users/presets/django.ts';
import { wordpress } from '../../../src/users/presets/wordpress.ts';
import { createExample } from '../../helpers/example-tables.ts';
import { makeFolder, runReset, succeed } from '../../helpers/run-reset.ts';
import { djangoHash, mode, read } from './written-config.ts';

/** A folder with the database of a Django application in it. */
async function makeDjango(): Promise<string> {
  const folder = await makeFolder();
  const db = await connect(`sqlite:${join(folder, 'app.db')}`, { mayCreate: true });
  await createExample(db, django, { hash: djangoHash });
  await db.destroy();
  return folder;
}

/** A folder with a database of one table, which has one row, and the flags that name it. */
async function makeOwnTable(name: string, id: string, row: Readonly<Record<string, string | null>>) {
  const folder = await makeFolder();
  const database = `sqlite:${join(folder, 'app.db')}`;
  const db = await connect(database, { mayCreate: true });
  await db.schema.createTable(name, (table) => {
    table.increments(id);
    for (const column of Object.keys(row)) table.string(column);
  });
  await db(name).insert(row);
  await db.destroy();
  return { folder, args: ['init', '--yes', '--no-input', '--database', database, ...flags] };
}
const encoded = `$2b$12$${'x'.repeat(53)}`;
const flags = '--base-url https://example.com --mail-url file:mailbox --mail-from a@example.com'.split(' ');

async function tablesOf(file: string): Promise<string[]> {
  const db = await connect(`sqlite:${file}`);
  return listTables(db).finally(() => db.destroy());
}

describe('reset init by flags', () => {
  it('never asks with --yes --no-input, and what it wrote works', async () => {
    const folder = await makeDjango();
    const { stdout, stderr } = await succeed(
      runReset(['init', '--yes', '--no-input', '--database', 'sqlite:app.db', ...flags], { cwd: folder }),
    );
    expect(stdout).toMatch(
      /^✓ Ready: django, \d+ migrations? applied in the file \S+app\.db\. Next:\n {2}reset doctor\n/,
    );
    expect(stderr).toContain('django: Django');
    expect(read(folder)).toMatchObject({
      database: 'sqlite:app.db',
      users: { preset: 'django', table: 'auth_user' },
      secret: 'file:reset.key',
      mail: { url: 'file:mailbox' },
    });
    const moved = `${folder}-moved`;
    renameSync(folder, moved);
    await succeed(runReset(['send', 'susan@example.com'], { cwd: moved }));
  });

  it('puts its own tables into a file beside a tool that would drop them, and says why', async () => {
    const folder = await makeDjango();
    const db = await connect(`sqlite:${join(folder, 'app.db')}`);
    await db.schema.createTable('alembic_version', (table) => void table.string('version_num'));
    await db.destroy();
    writeFileSync(join(folder, '.gitignore'), '');
    const args = ['init', '--no-input', '--database', 'sqlite:app.db', ...flags];
    const { stdout, stderr } = await succeed(runReset(args, { cwd: folder }));
    expect(stdout).toMatch(/migrations applied in the file \S+reset\.db\./);
    expect(stderr).toContain(
      'Alembic or Flask-Migrate manages the schema of this database and writes a migration',
    );
    expect(read(folder)).toMatchObject({ database: 'sqlite:app.db', ledger: 'sqlite:reset.db' });
    expect(mode(join(folder, 'reset.db'))).toBe('600');
    expect(readFileSync(join(folder, '.gitignore'), 'utf8')).toContain('/reset.db*\n');
    expect(await tablesOf(join(folder, 'app.db'))).not.toContain('reset_audit');
    expect(await tablesOf(join(folder, 'reset.db'))).toContain('reset_audit');
  });

  it('leaves them where they are, and puts them where --ledger says', async () => {
    const folder = await makeDjango();
    const args = ['init', '--no-input', '--database', 'sqlite:app.db', ...flags];
    await succeed(runReset(args, { cwd: folder }));
    const db = await connect(`sqlite:${join(folder, 'app.db')}`);
    await db.schema.createTable('alembic_version', (table) => void table.string('version_num'));
    await db.destroy();
    await succeed(runReset([...args, '--force'], { cwd: folder }));
    expect(read(folder)['ledger']).toBeUndefined();
    await succeed(runReset([...args, '--force', '--ledger', 'sqlite:own.db'], { cwd: folder }));
    expect(read(folder)['ledger']).toBe('sqlite:own.db');
    expect(await tablesOf(join(folder, 'own.db'))).toContain('reset_audit');
  });

  it('names the schema by which editors complete the file, and paths outside the folder whole', async () => {
    const [folder, elsewhere] = [await makeDjango(), await makeFolder()];
    const key = join(elsewhere, 'my.key');
    await succeed(
      runReset(['init', '--yes', '--database', 'sqlite:app.db', '--secret-file', key, ...flags], {
        cwd: folder,
      }),
    );
    const { $schema, secret } = read(folder) as unknown as Record<string, string>;
    expect(secret).toBe(`file:${key}`);
    const schema = JSON.parse(readFileSync(resolve(folder, $schema ?? ''), 'utf8')) as { properties: object };
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(['$schema', 'database', 'mail']));
  });

  it('leaves what the environment says there, and a key that is there alone', async () => {
    const folder = await makeDjango();
    await succeed(runReset(['keygen', '--out', 'reset.key'], { cwd: folder }));
    const key = readFileSync(join(folder, 'reset.key'), 'utf8');
    const env = { DATABASE_URL: 'sqlite:app.db', SMTP_URL: 'file:mailbox' };
    const { stderr } = await succeed(
      runReset(['init', '--yes', '--base-url', 'https://example.com'], { cwd: folder, env }),
    );
    expect(stderr).toContain('database: from environment DATABASE_URL');
    expect(stderr).toContain('mail.from: noreply@example.com');
    expect(read(folder)).toEqual({
      $schema: expect.any(String) as string,
      users: { preset: 'django', table: 'auth_user' },
      baseUrl: 'https://example.com',
      secret: 'file:reset.key',
      mail: { from: 'noreply@example.com' },
    });
    expect(readFileSync(join(folder, 'reset.key'), 'utf8')).toBe(key);
  });

  it('overwrites an existing file only when asked to', async () => {
    const folder = await makeDjango();
    writeFileSync(join(folder, 'reset.config.json'), '{}');
    const args = ['init', '--yes', '--database', 'sqlite:app.db', ...flags];
    expect(await runReset(args, { cwd: folder })).toMatchObject({ code: 2 });
    expect(read(folder)).toEqual({});
    await succeed(runReset([...args, '--force'], { cwd: folder }));
    expect(read(folder)['users']?.['preset']).toBe('django');
  });

  it('stops at a table that many applications could have, and writes nothing', async () => {
    const row = { username: null, email: 'susan@example.com', image_file: null, password: encoded };
    const { folder, args } = await makeOwnTable('user', 'id', row);
    const { code, stderr } = await runReset(args, { cwd: folder });
    expect(code).toBe(3);
    expect(stderr).not.toContain('n8n');
    expect(stderr).toContain('your own table user, bcrypt');
    expect(stderr).toContain('password holds bcrypt');
    const way = /reset init (--preset bcrypt --table user .+)$/m.exec(stderr)?.[1];
    expect(way).toBe(
      '--preset bcrypt --table user --id-column id --email-column email --password-column password --username-column username',
    );
    expect(readdirSync(folder)).toEqual(['app.db']);
    const { error } = await runReset([...args, '--json'], { cwd: folder });
    expect(error().details['candidates']).toMatchObject([{ preset: 'bcrypt', isOwn: true, isMarked: false }]);

    await succeed(runReset([...args, ...(way ?? '').split(' ')], { cwd: folder }));
    expect(read(folder)['users']).toEqual({
      preset: 'bcrypt',
      table: 'user',
      id: 'id',
      email: 'email',
      password: 'password',
      username: 'username',
    });
  });

  it('takes a mapping from flags, JSON where a name is not enough, and refuses what is none', async () => {
    const row = { mail: 'susan@example.com', pw: encoded, state: 'ok', left_on: null };
    const { folder, args } = await makeOwnTable('member', 'no', row);
    const mapped = '--table member --id-column no --email-column mail --password-column pw'.split(' ');
    const active = '{"state": {"noneOf": ["banned"]}, "left_on": null}';
    expect(await runReset([...args, ...mapped, '--active', '{state}'], { cwd: folder })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--active: what begins with a bracket must be JSON') as string,
    });
    expect(await runReset([...args, ...mapped, '--id-column', 'nr'], { cwd: folder })).toMatchObject({
      code: 3,
    });
    await succeed(runReset([...args, ...mapped, '--active', active], { cwd: folder }));
    expect(read(folder)['users']).toEqual({
      preset: 'bcrypt',
      hash: 'auto',
      table: 'member',
      id: 'no',
      email: 'mail',
      password: 'pw',
      active: { state: { noneOf: ['banned'] }, left_on: null },
    });
  });

  it.each([
    ['users', 'user_id', 'password'],
    ['user', 'id', 'password_hash'],
    ['users', 'id', 'password_hash'],
  ])('finds a fork of a preset that is named: table %s, key %s, hash in %s', async (name, id, password) => {
    const folder = await makeFolder();
    const db = await connect(`sqlite:${join(folder, 'app.db')}`, { mayCreate: true });
    await db.schema.createTable(name, (table) => {
      table.increments(id);
      for (const column of ['nickname', 'email', password]) table.string(column);
    });
    await db(name).insert({ email: 'susan@example.com', [password]: `$2b$12$${'x'.repeat(53)}` });
    await db.destroy();
    await succeed(
      runReset(['init', '--yes', '--database', 'sqlite:app.db', '--preset', 'flask-microblog', ...flags], {
        cwd: folder,
      }),
    );
    expect(read(folder)['users']).toEqual({
      preset: 'flask-microblog',
      ...(name === 'user' ? {} : { table: name, ...(id === 'id' ? {} : { id }) }),
      ...(password === 'password' ? { password } : {}),
    });
  });

  it('shows several candidates and chooses none of them where they are equal', async () => {
    const folder = await makeFolder();
    const db = await connect(`sqlite:${join(folder, 'app.db')}`, { mayCreate: true });
    await createExample(db, wordpress, { hash: 'x' });
    await createExample(db, { ...wordpress, prefix: 'blog_' }, { hash: 'x' });
    await db.destroy();
    const args = ['init', '--yes', '--database', 'sqlite:app.db', ...flags];
    const { code, stderr } = await runReset(args, { cwd: folder });
    expect(code).toBe(3);
    expect(stderr).toContain('table blog_users with ');
    expect(stderr).toContain('It looks like: wordpress (blog_users), wordpress (wp_users)');
    expect(readdirSync(folder)).toEqual(['app.db']);
    await succeed(runReset([...args, '--preset', 'wordpress'], { cwd: folder }));
    expect(read(folder)['users']).toEqual({ preset: 'wordpress' });
  });

  it('makes the default table in an empty database', async () => {
    const folder = await makeFolder();
    const ran = await succeed(
      runReset(['init', '--yes', '--database', 'sqlite:new.db', ...flags, '--json'], { cwd: folder }),
    );
    expect(ran.rows()).toEqual([expect.objectContaining({ preset: 'default', usersTable: 'created' })]);
    await succeed(runReset(['user', 'add', 'susan@example.com'], { cwd: folder }));
  });

  it('says which flag is missing where nobody can be asked', async () => {
    const folder = await makeFolder();
    const { code, stderr } = await runReset(['init', '--yes'], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toContain('give --database');
  });

  it('names every wrong flag at once, and creates nothing', async () => {
    const folder = await makeFolder();
    const wrong = ['--database', 'oracle:x', '--base-url', 'http://x.example', '--mail-from', 'foo'];
    const { code, error } = await runReset(['init', '--yes', ...wrong, '--json'], { cwd: folder });
    expect(code).toBe(3);
    expect(error().details['problems']).toMatchObject([
      { key: 'database', source: 'flag --database' },
      { key: 'baseUrl', source: 'flag --base-url' },
      { key: 'mail.from', source: 'flag --mail-from' },
    ]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('makes the key in the file that --secret-file names', async () => {
    const folder = await makeFolder();
    const more = ['--database', 'sqlite:new.db', '--secret-file', 'my.key'];
    await succeed(runReset(['init', '--yes', ...flags, ...more], { cwd: folder }));
    expect(mode(join(folder, 'my.key'))).toBe('600');
    expect(readFileSync(join(folder, 'reset.config.json'), 'utf8')).toContain('my.key');
  });
});

it('takes what a preset demands from a flag: Flask-Security’s key', async () => {
  const row = { email: 'susan@example.com', password: encoded, fs_uniquifier: 'f00d' };
  const { folder, args } = await makeOwnTable('user', 'id', row);
  const asked = ['--preset', 'flask-security', '--hash', '{"prehashKey": "a salt of this site"}'];
  await succeed(runReset([...args, ...asked], { cwd: folder }));
  expect(read(folder)).toMatchObject({
    users: { preset: 'flask-security', hash: { prehashKey: 'a salt of this site' } },
  });
});
