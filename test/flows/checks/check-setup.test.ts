import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { Db } from '../../../src/db/connect.ts';
import type { Finding } from '../../../src/flows/checks/check-setup.ts';
import { findFormat } from '../../../src/passwords/find-format.ts';
import { migrateDatabase } from '../../../src/flows/setup/migrate-database.ts';
import { eachDatabase, type TestDatabase } from '../../helpers/databases.ts';
import { makeSetup, type Setup } from '../../helpers/run-reset.ts';
import { bad, examine } from './broken-setups.ts';

describe('the doctor', () => {
  it('finds nothing wrong where nothing is', async () => {
    const { folder } = await makeSetup();
    expect(bad((await examine(folder)).findings)).toEqual([]);
  });
});

eachDatabase('the doctor', (openDatabase, dialect) => {
  const opened: Db[] = [];
  afterEach(async () => {
    for (const db of opened.splice(0)) await db.destroy();
  });
  const start = async (): Promise<{ setup: Setup; database: TestDatabase }> => {
    const [setup, database] = [await makeSetup(), await openDatabase()];
    await setup.configure({ database: database.url });
    const { open } = await examine(setup.folder);
    const app = await open();
    await migrateDatabase(app);
    await app.close();
    await database.db('users').insert({
      email: 'susan@example.com',
      password_hash: '$2b$04$F6vQXz2kPX0aoOrwYFPwUu1e0UPHbZC2bPZ1nfhMbNmGZ0xDFE6rK',
    });
    return { setup, database };
  };
  const failures = (findings: readonly Finding[]) => findings.filter(({ status }) => status === 'failure');

  it.each([
    ['alembic_version', 'Alembic', 'include_object'],
    ['_prisma_migrations', 'Prisma', 'tables.external'],
    ['doctrine_migration_versions', 'Doctrine', 'schema_filter'],
    ['__drizzle_migrations', 'Drizzle', dialect === 'postgres' ? 'move' : 'tablesFilter'],
    ['payload_migrations', 'Payload', 'push: false'],
    ['ar_internal_metadata', 'Rails', 'SchemaDumper.ignore_tables'],
    ['mikro_orm_migrations', 'MikroORM', 'safe: true'],
    ['atlas_schema_revisions', 'Atlas', 'exclude = ["reset_*"]'],
    ['flyway_schema_history', 'Flyway', 'cleanDisabled'],
  ])(
    'says of %s whose it is, what may happen to our tables, and how to prevent it',
    async (table, tool, way) => {
      const { setup, database } = await start();
      const beside = async () =>
        (await examine(setup.folder)).findings.filter(({ code }) => code === 'schema_tool_beside');
      // Tools that only run what somebody has written are no danger.
      for (const harmless of ['knex_migrations', 'schema_migrations'])
        await database.db.schema.createTable(harmless, (created) => void created.increments('id'));
      expect(await beside()).toEqual([]);
      await database.db.schema.createTable(table, (created) => void created.increments('id'));
      const [found, ...others] = await beside();
      expect(others).toEqual([]);
      expect(found).toMatchObject({ status: 'warning', message: expect.stringContaining(tool) });
      expect(found?.remedy).toContain(way);
      expect(found?.remedy).toMatch(/move reset's tables away: reset help database$/);
    },
  );

  it('does not doubt an older format that every row has, and keeps it', async () => {
    const { setup, database } = await start();
    const [{ encoded } = { encoded: '' }] = findFormat('werkzeug-pbkdf2').examples;
    await database.db('users').update({ password_hash: encoded });
    await setup.configure({ 'users.preset': 'flask' });
    const { findings } = await examine(setup.folder);
    expect(findings.map(({ code }) => code)).not.toContain('hash_doubtful');
    expect(findings.find(({ code }) => code === 'hashes_known')?.message).toContain('werkzeug-pbkdf2');
  });

  it('finds nothing broken, and leaves every row as it was', async () => {
    const { setup, database } = await start();
    const before = await database.db('users');
    const { findings } = await examine(setup.folder);
    expect(failures(findings)).toEqual([]);
    expect(
      findings.some(({ message }) =>
        message.includes('written to user 1, read back, accepted, and rolled back'),
      ),
    ).toBe(true);
    expect(await database.db('users')).toEqual(before);
  });

  if (dialect !== 'sqlite') {
    it('names a password column that is too narrow, with the statement that widens it', async () => {
      const { setup, database } = await start();
      await database.db('users').update({ password_hash: null });
      await database.db.schema.alterTable('users', (table) => void table.string('password_hash', 40).alter());
      const [found] = failures((await examine(setup.folder)).findings);
      expect(found?.message).toMatch(/takes 40 characters, and this hash has 60/);
      await database.db.raw(/alter table .*/.exec(found?.message ?? '')?.[0] ?? '');
      expect(failures((await examine(setup.folder)).findings)).toEqual([]);
    });

    it('says which rights are missing, as the SQL that grants them', async () => {
      const { setup, database } = await start();
      const name = `reset_role_${randomBytes(4).toString('hex')}`;
      const { db } = database;
      const url = new URL(database.url);
      const schema = url.pathname.slice(1);
      const statements =
        dialect === 'postgres'
          ? [`create role ${name} login password 'pw'`]
          : [
              `create user '${name}'@'127.0.0.1' identified by 'pw'`,
              `grant select on \`${schema}\`.reset_migrations to '${name}'@'127.0.0.1'`,
            ];
      for (const statement of statements) await db.raw(statement);
      try {
        url.username = name;
        url.password = 'pw';
        for (let round = 0; round < 12; round += 1) {
          await setup.configure({ database: url.href });
          const found = failures((await examine(setup.folder)).findings);
          if (found.length === 0) break;
          const grants = found
            .flatMap(({ remedy }) => (remedy ?? '').split('\n'))
            .filter((line) => line.startsWith('grant '));
          expect(grants.length === 0 ? found : []).toEqual([]);
          for (const grant of grants) await db.raw(grant);
        }
        expect(bad((await examine(setup.folder)).findings)).toEqual([]);
      } finally {
        if (dialect === 'postgres') await db.raw(`drop owned by ${name}`);
        await db.raw(dialect === 'postgres' ? `drop role ${name}` : `drop user '${name}'@'127.0.0.1'`);
      }
    });

    it('names a wrong port, an unknown database, a wrong login, and missing TLS', async () => {
      const { setup, database } = await start();
      const url = (change: (url: URL) => void): string => {
        const copy = new URL(database.url);
        change(copy);
        return copy.href;
      };
      const cases: [string, RegExp][] = [
        [url((u) => void (u.port = '9')), /cannot be reached.*host and port/],
        [url((u) => void (u.pathname = '/nowhere_at_all')), /no such database/],
        [
          url((u) => {
            u.hostname = 'localhost';
            u.searchParams.set('sslmode', 'verify-full');
          }),
          /offers no TLS|cannot be trusted/,
        ],
      ];
      if (dialect === 'mysql')
        cases.push([url((u) => void (u.username = 'nobody')), /refuses this user or password/]);
      for (const [address, says] of cases) {
        await setup.configure({ database: address });
        expect(
          failures((await examine(setup.folder)).findings)
            .map(({ message }) => message)
            .join(),
        ).toMatch(says);
      }
    });
  }
});
