import { expect, it } from 'vitest';
import { connect } from '../../../src/db/connect.ts';
import { migrateUp } from '../../../src/db/migrate.ts';
import { issueLink } from '../../../src/flows/links/issue-link.ts';
import { verifyNative } from '../../../src/flows/native/verify-native.ts';
import { getPreset } from '../../../src/users/preset/get-preset.ts';
import { createExample } from '../../helpers/example-tables.ts';
import { eachOwnServer } from '../../helpers/own-server.ts';
import { openFlowApp, operator } from '../flow-app.ts';

const susan = { email: 'susan@example.com' } as const;
/** What a session of the application gets, which sets no zone of its own. */
const SESSION_ZONE = {
  mysql: 'set time_zone = @@global.time_zone',
  postgres: "set timezone = 'America/New_York'",
} as const;

eachOwnServer('a database server in New York', (server) => {
  it('gives Laravel the time that was meant, and takes Laravel’s own', async () => {
    const url = await server.createDatabase();
    const db = await connect(url);
    if (server.dialect === 'mysql') await db.raw("set global time_zone = '-05:00'");
    await migrateUp(db);
    await createExample(db, getPreset('laravel'), {
      hash: '$2y$04$vRHJcLfkocGSuxGp7wHVlunVvD6vNVKCdKRUrvvnJHj4ZDBBhROlm',
    });
    await db.schema.alterTable('password_reset_tokens', (table) => {
      table.timestamp('created_at', { useTz: false }).nullable();
    });
    const flags = { 'users.preset': 'laravel', 'link.native': true };
    const site = await openFlowApp(
      { dialect: server.dialect, db, ledger: db, url, ledgerUrl: url },
      { flags },
    );
    try {
      const { app, clock } = site;
      const issued = await issueLink(app, { identifier: susan, actor: operator });
      const now = new Date(clock.now()).toISOString().slice(0, 19).replace('T', ' ');
      await server.administer(url, async (session) => {
        await session.raw(SESSION_ZONE[server.dialect]);
        const row = (await session('password_reset_tokens').where(susan).first()) as { created_at: string };
        expect(row.created_at.slice(0, 19)).toBe(now);
        await session('password_reset_tokens').where(susan).update({ created_at: now });
      });
      expect((await verifyNative(app, issued.url))?.expiresAt).toBe(clock.now() + 3_600_000);
    } finally {
      await site.close();
      await db.destroy();
    }
  });
});
