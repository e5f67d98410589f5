import { readFileSync } from 'node:fs';
import { cp, readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { connect } from '../../src/db/connect.ts';
import { listTables } from '../../src/db/introspect.ts';
import { cleanEnvironment, succeed } from '../helpers/run-reset.ts';
import { makePeerFolder } from './support/peer.ts';
import { createPostgresDatabase, type PostgresDatabase } from './support/postgres.ts';
import { peerScript, python } from './support/process.ts';
import { createReset, type Reset } from './support/reset.ts';

const manual = readFileSync(new URL('../../templates/help/database.md', import.meta.url), 'utf8');

async function ownTables(url: string): Promise<string[]> {
  const db = await connect(url);
  return (await listTables(db).finally(() => db.destroy())).filter((name) => name.startsWith('reset_'));
}

/** What doctor says of the tool beside our tables. */
async function warningOf(reset: Reset): Promise<Record<string, unknown> | undefined> {
  return (await reset.run(['doctor', '--json'])).rows().find(({ code }) => code === 'schema_tool_beside');
}

describe('Flask-Migrate', () => {
  let folder: string;
  let file: string;
  const database = () => `sqlite:${file}`;

  /** The migration that it writes; empty: it sees no changes. */
  async function migrate(message: string, keep = ''): Promise<string> {
    const versions = join(folder, 'migrations/versions');
    await execa(python, ['-B', peerScript('flask_migrate_site.py'), file, message], {
      cwd: folder,
      env: cleanEnvironment({ PEER_KEEP: keep }),
      extendEnv: false,
    });
    const written = (await readdir(versions)).find((name) => name.endsWith(`_${message}.py`));
    return written === undefined ? '' : readFile(join(versions, written), 'utf8');
  }

  beforeAll(async () => {
    folder = await makePeerFolder('flask-migrate');
    file = join(folder, 'app.db');
    await migrate('first');
  });

  it('sees no change where the ledger is apart', async () => {
    const ledger = `sqlite:${join(folder, 'reset.db')}`;
    const reset = await createReset({
      folder,
      database: database(),
      preset: 'flask-microblog',
      config: { ledger },
    });
    expect(await ownTables(database())).toEqual([]);
    expect(await migrate('apart')).toBe('');
    expect(await warningOf(reset)).toBeUndefined();
    expect(await ownTables(ledger)).toContain('reset_audit');
  });

  it('leaves our tables alone beside its own when the advice is followed, and drops them otherwise', async () => {
    const reset = await createReset({ folder, database: database(), preset: 'flask-microblog' });
    expect(await warningOf(reset)).toMatchObject({
      status: 'warning',
      message: expect.stringContaining('Alembic or Flask-Migrate') as string,
      remedy: expect.stringContaining('include_object') as string,
    });
    const [, keep = ''] = /```python\n(.+?)```/s.exec(manual) ?? [];
    expect(await migrate('advised', keep)).toBe('');
    expect(await migrate('heedless')).toContain("op.drop_table('reset_audit')");
  });
});

describe('Payload that pushes its schema', () => {
  let folder: string;
  let database: PostgresDatabase;

  /** Whether it gets as far as being ready. */
  async function start(env: Record<string, string> = {}, seconds = 60): Promise<boolean> {
    const { stdout } = await execa(process.execPath, [join(folder, 'push.mjs'), database.url], {
      cwd: folder,
      env: cleanEnvironment(env),
      extendEnv: false,
      reject: false,
      timeout: seconds * 1000,
    });
    return String(stdout).endsWith('ready');
  }
  async function columns(): Promise<string[]> {
    const db = await connect(database.url);
    return Object.keys(await db('users').columnInfo()).sort((one, other) => one.localeCompare(other));
  }

  beforeAll(async () => {
    folder = await makePeerFolder('payload-push');
    database = await createPostgresDatabase();
    await cp(peerScript('applications/payload/push.js'), join(folder, 'push.mjs'));
    await symlink(
      join(String(inject('applications')['payload']), 'node_modules'),
      join(folder, 'node_modules'),
    );
    await start();
  });
  afterAll(() => database?.drop());

  it('touches nothing of ours where the ledger is apart', async () => {
    const ledger = `sqlite:${join(folder, 'reset.db')}`;
    const reset = await createReset({
      folder,
      database: database.url,
      preset: 'payload',
      config: { ledger },
    });
    expect(await start({ PEER_FIELD: 'nickname' })).toBe(true);
    expect(await columns()).toContain('nickname');
    expect(await warningOf(reset)).toBeUndefined();
    expect(await ownTables(database.url)).toEqual([]);
    await succeed(reset.run(['audit']));
  });

  it('wants to drop them beside its own, and leaves them alone when the advice is followed', async () => {
    const reset = await createReset({ folder, database: database.url, preset: 'payload' });
    const before = await ownTables(database.url);
    expect(await warningOf(reset)).toMatchObject({
      status: 'warning',
      message: expect.stringContaining('Payload') as string,
      remedy: expect.stringContaining('push: false') as string,
    });
    expect(await start({ PEER_FIELD: 'motto' }, 20)).toBe(false);
    expect(await start({ PEER_FIELD: 'nickname', PEER_PUSH: 'false' })).toBe(true);
    expect(await ownTables(database.url)).toEqual(before);
    await succeed(reset.run(['audit']));
  });
});
