import { beforeEach, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import type { KeyName } from '../../src/config/schema.ts';
import { checkNative } from '../../src/flows/checks/check-native.ts';
import { issueLink } from '../../src/flows/issue-link.ts';
import { nativeWarnings } from '../../src/flows/native-link.ts';
import { resendLink } from '../../src/flows/resend-link.ts';
import { revokeOfUser } from '../../src/flows/revoke-tokens.ts';
import { sendReset } from '../../src/flows/send-reset.ts';
import { verifyNative } from '../../src/flows/verify-native.ts';
import { createLog } from '../../src/log.ts';
import { getPreset } from '../../src/users/get-preset.ts';
import { eachDatabase, type TestDatabase } from '../helpers/databases.ts';
import { createExample } from '../helpers/example-tables.ts';
import { clockAt, openFlowApp, operator, type FlowApp } from './flow-app.ts';

const susan = { email: 'susan@example.com' } as const;
const hash = '$2y$12$QJmC5qHnGtSaRDFKKWqB8uYfZFjVqZzGgGkTbJjHkO1m0mFJ7P6pe';

/** Columns that the examples of the presets leave out. */
const EXTRA: Readonly<Record<string, readonly [string, string, string]>> = {
  django: ['auth_user', 'last_login', 'timestamp'],
  laravel: ['password_reset_tokens', 'created_at', 'timestamp'],
};

async function openSite(
  database: TestDatabase,
  preset: string,
  more: Partial<Record<KeyName, unknown>> = {},
) {
  const [table, column] = EXTRA[preset] ?? [];
  await createExample(database.db, getPreset(preset), { hash });
  if (table !== undefined && column !== undefined) {
    await database.db.schema.alterTable(table, (builder) => void builder.timestamp(column).nullable());
  }
  if (preset === 'wordpress') {
    await database.db.schema.createTable('wp_options', (builder) => {
      builder.string('option_name').primary();
      builder.text('option_value');
    });
  }
  if (preset === 'better-auth') {
    await database.db.schema.createTable('verification', (builder) => {
      builder.string('id', 36).primary();
      builder.string('identifier').notNullable();
      builder.text('value').notNullable();
      for (const name of ['expiresAt', 'createdAt', 'updatedAt']) builder.datetime(name).nullable();
    });
  }
  const flags = { 'users.preset': preset, 'link.native': true, appSecret: 'the secret of the site', ...more };
  return openFlowApp(database, { flags });
}

const PRESETS = ['django', 'flask-microblog', 'devise', 'laravel', 'wordpress', 'better-auth'];

eachDatabase('native links', (open) => {
  let site: FlowApp | undefined;
  beforeEach(() => async () => site?.close());

  it.each(PRESETS)('of %s: the mail, the resend and `verify` agree', async (preset) => {
    site = await openSite(await open(), preset);
    const { app, mailbox, clock } = site;
    const sent = await sendReset(app, { identifier: susan, actor: operator, bucket: null });
    expect(sent.status).toBe('sent');
    const linkIn = (text: string) => /https:\/\/accounts\.example\.test\S+/.exec(text)?.[0] ?? '';
    const first = linkIn(mailbox.messages[0]?.parsed.text ?? '');
    const verified = await verifyNative(app, first);
    expect(verified).toMatchObject({ issuer: preset, user: { email: susan.email } });
    expect(verified?.row?.requestId).toBe(sent.requestId);
    expect(verified?.expiresAt).toBe(Date.parse(sent.expiresAt ?? ''));
    clock.advance(60_000);
    await resendLink(app, { identifier: susan, actor: operator, force: true });
    expect(linkIn(mailbox.messages[1]?.parsed.text ?? '')).toBe(first);
    const rows = JSON.stringify(await app.db('reset_tokens').select());
    const secrets = new URL(first).href.split(/[/=&?]/).filter((part) => /^[\w.-]{20,}$/.test(part));
    for (const part of secrets.filter((each) => each !== 'accounts.example.test'))
      expect(rows).not.toContain(part);
    clock.advance(8 * 86_400_000);
    await expect(verifyNative(app, first)).rejects.toMatchObject({ code: 'token_expired' });
  });

  it.each(['devise', 'laravel', 'wordpress', 'better-auth'])('of %s can be revoked', async (preset) => {
    site = await openSite(await open(), preset);
    const { url } = await issueLink(site.app, { identifier: susan, actor: operator });
    expect(await verifyNative(site.app, url)).toMatchObject({ issuer: preset });
    const revoked = await revokeOfUser(site.app, susan, operator);
    expect(revoked.revoked).toBe(1);
    expect(revoked.stillGood).toBeUndefined();
    await expect(verifyNative(site.app, url)).rejects.toMatchObject({ code: 'token_revoked' });
  });

  it('of Django can not be revoked, and that is said', async () => {
    site = await openSite(await open(), 'django');
    const { url } = await issueLink(site.app, { identifier: susan, actor: operator });
    const { revoked, stillGood } = await revokeOfUser(site.app, susan, operator);
    expect(revoked).toBe(0);
    expect(stillGood).toMatchObject({ links: 1 });
    expect(await verifyNative(site.app, url)).toMatchObject({ issuer: 'django' });
  });

  it('of which another took the place are not mailed again', async () => {
    site = await openSite(await open(), 'wordpress');
    await sendReset(site.app, { identifier: susan, actor: operator, bucket: null });
    await site.app.db('wp_users').update({ user_activation_key: '1:$P$5aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' });
    const again = await resendLink(site.app, { identifier: susan, actor: operator, force: true });
    expect(again).toMatchObject({ status: 'skipped', reason: 'superseded' });
    expect(site.mailbox.messages).toHaveLength(1);
  });
});

eachDatabase('the set-up of native links', (open) => {
  it('names what is missing before a mail goes out', async () => {
    const database = await open();
    const site = await openSite(database, 'devise', { appSecret: undefined });
    try {
      const request = { identifier: susan, actor: operator, bucket: null };
      await expect(sendReset(site.app, request)).rejects.toMatchObject({ code: 'config_invalid' });
      const [finding] = await checkNative(site.app, false);
      expect(finding).toMatchObject({
        status: 'failure',
        message: expect.stringContaining('RESET_APP_SECRET'),
      });
      const { config } = site.app;
      const log = createLog({ level: 'error', format: 'json', write: () => undefined, now: () => 0 });
      const other = { ...config, users: { preset: 'bcrypt', overrides: { password: 'encrypted_password' } } };
      const strange = await createApp(other, { clock: clockAt(0), log });
      await expect(nativeWarnings(strange)).rejects.toThrow(/no native links for the preset bcrypt/);
      await strange.close();
    } finally {
      await site.close();
    }
  });
});
