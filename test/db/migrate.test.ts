import { expect, it } from 'vitest';
import { connect } from '../../src/db/connect.ts';
import { listTables } from '../../src/db/introspect.ts';
import { assertMigrated, migrateUp, migrationStatus } from '../../src/db/migrate.ts';
import { eachDatabase } from '../helpers/databases.ts';

eachDatabase('migrateUp', (open) => {
  it('makes our tables, all beginning with reset_, and says which migrations ran', async () => {
    const { db } = await open();
    const { applied } = await migrateUp(db);
    expect(applied[0]).toMatch(/^0001_/);
    expect(await migrationStatus(db)).toEqual({ applied, pending: [], unknown: [], isMoving: false });
    const tables = (await listTables(db)).filter((name) => !name.startsWith('sqlite_'));
    expect(tables).toContain('reset_outbox');
    expect(tables.filter((name) => !name.startsWith('reset_'))).toEqual([]);
  });

  it('does nothing the second time', async () => {
    const { db } = await open();
    await migrateUp(db);
    expect(await migrateUp(db)).toEqual({ applied: [] });
  });

  it('does the work once when four start at the same time', async () => {
    const { db, url } = await open();
    const others = await Promise.all([connect(url), connect(url), connect(url)]);
    const results = await Promise.all([db, ...others].map(migrateUp)).finally(() =>
      Promise.all(others.map((other) => other.destroy())),
    );
    const { applied } = await migrationStatus(db);
    expect(results.flatMap((result) => result.applied).sort()).toEqual(applied);
    expect(await db('reset_outbox')).toEqual([]);
  });

  it('gets by the lock of two rows that two starts at the same time may leave behind', async () => {
    const { db } = await open();
    await db.schema.createTable('reset_migrations_lock', (lock) => {
      lock.increments('index');
      lock.integer('is_locked');
    });
    await db('reset_migrations_lock').insert([{ is_locked: 0 }, { is_locked: 0 }]);
    const { applied } = await migrateUp(db);
    expect(applied[0]).toMatch(/^0001_/);
    expect(await db('reset_migrations_lock').pluck('is_locked')).toEqual([0]);
  });

  it('names the table that a partial restore left behind, and does not blame another migration', async () => {
    const { db } = await open();
    await migrateUp(db);
    await db('reset_audit').insert({
      id: 1,
      at: 1,
      event: 'kept',
      result: 'ok',
      actor_kind: 'operator',
      actor_name: 'x',
    });
    await db.schema.dropTable('reset_migrations').dropTable('reset_migrations_lock');
    await expect(migrateUp(db)).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringMatching(/already has reset_\w+.* partial restore.*reset migrate$/) as string,
    });
    expect(await db('reset_audit').pluck('event')).toEqual(['kept']);
  });

  it('names the table whose columns are newer than reset_migrations says', async () => {
    const { db } = await open();
    await migrateUp(db);
    await db('reset_migrations').where('name', '>', '0008').delete();
    await expect(migrateUp(db)).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringMatching(/already has reset_outbox.* partial restore/) as string,
    });
  });

  it('lets a command without tables end with the command to run', async () => {
    const { db } = await open();
    await expect(assertMigrated(db)).rejects.toMatchObject({
      code: 'migration_needed',
      message: expect.stringContaining('reset migrate'),
    });
    await migrateUp(db);
    await expect(assertMigrated(db)).resolves.toBeUndefined();
  });

  it('refuses tables of a newer release', async () => {
    const { db } = await open();
    await migrateUp(db);
    await db('reset_migrations').insert({ name: '9999_future.js', batch: 9, migration_time: db.fn.now() });
    const refusal = { code: 'config_invalid', details: { unknown: ['9999_future.js'] } };
    await expect(assertMigrated(db)).rejects.toMatchObject(refusal);
    await expect(migrateUp(db)).rejects.toMatchObject(refusal);
  });
});
