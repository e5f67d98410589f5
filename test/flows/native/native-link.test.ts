import { beforeEach, expect, it } from 'vitest';
import { createApp, type App } from '../../../src/app.ts';
import type { KeyName } from '../../../src/config/schema.ts';
import { Secret } from '../../../src/values/secret.ts';
import { checkNative } from '../../../src/flows/checks/check-native.ts';
import { issueLink } from '../../../src/flows/links/issue-link.ts';
import { linkSettings } from '../../../src/flows/native/describe-learnt.ts';
import { learnLink } from '../../../src/flows/native/learn-link.ts';
import { nativeWarnings } from '../../../src/flows/native/native-link.ts';
import { planBatch } from '../../../src/flows/batch/plan-batch.ts';
import { beginBatch } from '../../../src/flows/batch/start-batch.ts';
import { claimDue, claimMessages } from '../../../src/flows/delivery/claim-messages.ts';
import { readUserStatus } from '../../../src/flows/history/read-status.ts';
import { requestReset } from '../../../src/flows/links/request-reset.ts';
import { resendLink } from '../../../src/flows/links/resend-link.ts';
import { revokeOfUser } from '../../../src/flows/links/revoke-tokens.ts';
import { sendReset } from '../../../src/flows/links/send-reset.ts';
import { verifyNative } from '../../../src/flows/native/verify-native.ts';
import { createLog } from '../../../src/log.ts';
import { findIssuer } from '../../../src/native/find-issuer.ts';
import { djangoHmac } from '../../../src/native/django-hmac.ts';
import { toInstantText } from '../../../src/native/instant-text.ts';
import { LEASE_MS } from '../../../src/outbox/claim.ts';
import { getPreset } from '../../../src/users/preset/get-preset.ts';
import { eachDatabase, type TestDatabase } from '../../helpers/databases.ts';
import { createExample } from '../../helpers/example-tables.ts';
import { oldHashParts } from '../../helpers/old-hash.ts';
import { clockAt, openFlowApp, operator, type FlowApp } from '../flow-app.ts';
import { everybody } from '../../helpers/batch-request.ts';

const susan = { email: 'susan@example.com' } as const;
const hash = '$2y$12$QJmC5qHnGtSaRDFKKWqB8uYfZFjVqZzGgGkTbJjHkO1m0mFJ7P6pe';

/** Columns that the examples of the presets leave out. */
const EXTRA: Readonly<Record<string, readonly [string, string, string]>> = {
  django: ['auth_user', 'last_login', 'timestamp'],
  laravel: ['password_reset_tokens', 'created_at', 'timestamp'],
};

async function openSite(database: TestDatabase, name: string, more: Partial<Record<KeyName, unknown>> = {}) {
  const preset = getPreset(name);
  // Redmine's hash goes into two columns, and fits no other.
  const parts = typeof preset.columns.password === 'string' ? { hash } : await oldHashParts(preset);
  await createExample(database.db, preset, parts);
  const [table, column] = EXTRA[name] ?? [];
  if (table !== undefined && column !== undefined && !(await database.db.schema.hasColumn(table, column))) {
    await database.db.schema.alterTable(table, (builder) => void builder.timestamp(column).nullable());
  }
  if (name === 'wordpress') {
    await database.db.schema.createTable('wp_options', (builder) => {
      builder.string('option_name').primary();
      builder.text('option_value');
    });
  }
  if (name === 'symfony') {
    await database.db.schema.dropTableIfExists('reset_password_request');
    await database.db.schema.createTable('reset_password_request', (builder) => {
      builder.increments('id');
      builder.integer('user_id').notNullable();
      builder.string('selector', 20).notNullable();
      builder.string('hashed_token', 100).notNullable();
      for (const name of ['requested_at', 'expires_at'])
        builder.datetime(name, { useTz: false }).notNullable();
    });
  }
  if (name === 'better-auth') {
    await database.db.schema.createTable('verification', (builder) => {
      builder.string('id', 36).primary();
      builder.string('identifier').notNullable();
      builder.text('value').notNullable();
      for (const name of ['expiresAt', 'createdAt', 'updatedAt']) builder.datetime(name).nullable();
    });
  }
  const flags = { 'users.preset': name, 'link.native': true, appSecret: 'the secret of the site', ...more };
  return openFlowApp(database, { flags });
}

const silent = createLog({ level: 'error', format: 'json', write: () => undefined, now: () => 0 });

/** Presets whose links can be taken back. */
const REVOCABLE = ['devise', 'laravel', 'wordpress', 'better-auth', 'symfony', 'redmine', 'payload'];
const PRESETS = ['django', 'flask-microblog', 'ghost', 'directus', 'n8n', ...REVOCABLE];

const VERBS: Readonly<Record<string, (app: App) => Promise<unknown>>> = {
  link: (app) => issueLink(app, { identifier: susan, actor: operator }),
  send: (app) => sendReset(app, { identifier: susan, actor: operator, bucket: null }),
  'send to many': async (app) => {
    const { batch } = await planBatch(app, everybody(app), true);
    await beginBatch(app, batch, { signal: new AbortController().signal, onLocked: () => undefined });
    await claimDue(app, { limit: 1, turn: 0 });
  },
};

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
    const rows = JSON.stringify(await app.ledger('reset_tokens').select());
    const secrets = new URL(first).href.split(/[/=&?]/).filter((part) => /^[\w.-]{20,}$/.test(part));
    for (const part of secrets.filter((each) => each !== 'accounts.example.test'))
      expect(rows).not.toContain(part);
    clock.advance(8 * 86_400_000);
    await expect(verifyNative(app, first)).rejects.toMatchObject({ code: 'token_expired' });
  });

  it.each(PRESETS)('of %s live as long, whichever command issued them', async (preset) => {
    site = await openSite(await open(), preset);
    const { app, clock } = site;
    const lives = [];
    for (const issue of Object.values(VERBS)) {
      await issue(app);
      const [row] = await app
        .ledger('reset_tokens')
        .orderBy('id', 'desc')
        .limit(1)
        .select<{ exp: number }[]>('exp');
      lives.push(Number(row?.exp) * 1000 - clock.now());
      await app.ledger('reset_tokens').delete();
    }
    const { lifeMs } = findIssuer({ users: { preset }, link: {} });
    expect(lives).toEqual(Object.keys(VERBS).map(() => lifeMs));
  });

  it.each(REVOCABLE)('of %s can be revoked', async (preset) => {
    site = await openSite(await open(), preset);
    const { url } = await issueLink(site.app, { identifier: susan, actor: operator });
    expect(await verifyNative(site.app, url)).toMatchObject({ issuer: preset });
    const revoked = await revokeOfUser(site.app, susan, operator);
    expect(revoked.revoked).toBe(1);
    expect(revoked.stillGood).toBeUndefined();
    await expect(verifyNative(site.app, url)).rejects.toMatchObject({ code: 'token_revoked' });
  });

  it('of Devise for another scope are learnt with their page, and those that confirm an address never', async () => {
    site = await openSite(await open(), 'devise');
    const { app } = site;
    const { url } = await issueLink(app, { identifier: susan, actor: operator });
    const learnt = await learnLink(app, url.replace('/users/', '/admins/'));
    expect(linkSettings(app.config, learnt)).toEqual({
      native: true,
      path: '/admins/password/edit?reset_password_token={token}',
    });
    const confirming =
      'https://accounts.example.test/users/confirmation?confirmation_token=Xyz12345678901234567';
    await expect(learnLink(app, confirming)).rejects.toMatchObject({ code: 'token_invalid' });
  });

  it('of Strapi never end by themselves, so they have to be used, replaced or revoked', async () => {
    site = await openSite(await open(), 'strapi');
    const { app, clock } = site;
    const { url: older } = await issueLink(app, { identifier: susan, actor: operator });
    const { url } = await issueLink(app, { identifier: susan, actor: operator });
    await expect(verifyNative(app, older)).rejects.toMatchObject({ code: 'token_revoked' });
    clock.advance(365 * 86_400_000);
    expect(await verifyNative(app, url)).toMatchObject({ issuer: 'strapi', user: susan });
    expect((await nativeWarnings(app)).at(-1)).toContain('however old it is');
    await app.usersDb('up_users').update({ reset_password_token: null });
    await expect(verifyNative(app, url)).rejects.toMatchObject({ code: 'token_invalid' });
  });

  it('of Redmine go nowhere where "Lost password" is off, and it says so', async () => {
    site = await openSite(await open(), 'redmine');
    const { app } = site;
    expect(await nativeWarnings(app)).toHaveLength(1);
    await app.usersDb.schema.createTable('settings', (table) => {
      table.string('name').primary();
      table.text('value');
    });
    expect(await nativeWarnings(app)).toHaveLength(1);
    await app.usersDb('settings').insert({ name: 'lost_password', value: '0' });
    expect((await nativeWarnings(app))[0]).toContain('is switched off');
  });

  it('of Django cannot be revoked, and the message says so', async () => {
    site = await openSite(await open(), 'django');
    const { url } = await issueLink(site.app, { identifier: susan, actor: operator });
    const { revoked, stillGood } = await revokeOfUser(site.app, susan, operator);
    expect(revoked).toBe(0);
    expect(stillGood).toMatchObject({ links: 1 });
    expect(await verifyNative(site.app, url)).toMatchObject({ issuer: 'django' });
  });

  it('of which another took the place are not mailed again', async () => {
    site = await openSite(await open(), 'wordpress');
    const { app, mailbox, clock } = site;
    const replace = () =>
      app.usersDb('wp_users').update({ user_activation_key: '1:$P$5aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' });
    await sendReset(app, { identifier: susan, actor: operator, bucket: null });
    await replace();
    const again = resendLink(app, { identifier: susan, actor: operator, force: true });
    await expect(again).rejects.toMatchObject({ code: 'token_revoked' });
    const { requestId } = await requestReset(app, { identifier: susan, actor: operator, bucket: null });
    await claimMessages(app, { limit: 1, requestId });
    await replace();
    clock.advance(LEASE_MS + 1000); // the process that had claimed it was killed
    expect(await claimMessages(app, { limit: 1, requestId })).toMatchObject([{ skip: 'superseded' }]);
    expect(mailbox.messages).toHaveLength(1);
  });

  it('of WordPress since 6.8 are kept under its faster hash', async () => {
    site = await openSite(await open(), 'wordpress');
    await site.app.usersDb('wp_options').insert({ option_name: 'db_version', option_value: '60421' });
    const { url } = await issueLink(site.app, { identifier: susan, actor: operator });
    const row = (await site.app.usersDb('wp_users').first('user_activation_key')) as Record<string, string>;
    expect(row['user_activation_key']).toMatch(/^\d+:\$generic\$[\w-]{40}$/);
    expect(await verifyNative(site.app, url)).toMatchObject({ issuer: 'wordpress' });
    const made = '$generic$WYcRtPA0V--aYofWnjGq2WaslhE2LbeMEUhgLKXJ'; // by PHP's libsodium, as wp_fast_hash calls it
    const key = `${Math.floor(site.clock.now() / 1000)}:${made}`;
    await site.app.usersDb('wp_users').update({ user_activation_key: key });
    const own = url.replace(/key=\w+/, 'key=abcdefghij0123456789');
    expect(await verifyNative(site.app, own)).toMatchObject({ issuer: 'wordpress', row: undefined });
  });

  it('of Laravel are kept in its own time zone, under a hash of the kind that its hasher makes', async () => {
    site = await openSite(await open(), 'laravel', { timeZone: 'Asia/Kolkata' });
    const { app, clock } = site;
    const { url } = await issueLink(app, { identifier: susan, actor: operator });
    const read = async () =>
      (await app.usersDb('password_reset_tokens').where(susan).first()) as {
        token: string;
        created_at: string;
      };
    const wall = new Date(clock.now() + 5.5 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
    const first = await read();
    expect(first.created_at.slice(0, 19)).toBe(wall);
    expect(first.token).toMatch(/^\$2y\$/);
    expect((await verifyNative(app, url))?.expiresAt).toBe(clock.now() + 3_600_000);
    await app.usersDb('users').update({ password: '$argon2id$v=19$m=65536,t=4,p=1$c2FsdHNhbHQ$aGFzaA' });
    const another = await issueLink(app, { identifier: susan, actor: operator });
    expect((await read()).token).toMatch(/^\$argon2id\$v=19\$m=1024,t=2,p=1\$/);
    expect(await verifyNative(app, another.url)).toMatchObject({ issuer: 'laravel' });
  });

  it('of Django end with a sign-in, and `status` and `revoke` know that', async () => {
    site = await openSite(await open(), 'django');
    const { app, clock } = site;
    await issueLink(app, { identifier: susan, actor: operator });
    const signIn = (at: number) => app.usersDb('auth_user').update({ last_login: toInstantText(at / 1000) });
    await signIn(clock.now() - 60_000);
    expect((await readUserStatus(app, susan)).liveLinks).toMatchObject([{ issuer: 'django' }]);
    await signIn(clock.now() + 60_000);
    const { liveLinks, timeline } = await readUserStatus(app, susan);
    expect(liveLinks).toEqual([]);
    expect(timeline.at(-1)).toMatchObject({ event: 'link_dead', details: { issuer: 'django' } });
    expect((await revokeOfUser(app, susan, operator)).stillGood).toBeUndefined();
  });

  it('of the Flask tutorial outlive a new password, and `status` and `revoke` say so', async () => {
    site = await openSite(await open(), 'flask-microblog');
    const { app } = site;
    const { url } = await issueLink(app, { identifier: susan, actor: operator });
    await app.usersDb('user').update({ password_hash: 'another' });
    expect((await readUserStatus(app, susan)).liveLinks).toMatchObject([
      { issuer: 'flask-microblog', isOutdated: true },
    ]);
    const { stillGood } = await revokeOfUser(app, susan, operator);
    expect(stillGood).toMatchObject({ links: 1, message: expect.not.stringContaining('a new password') });
    expect(await verifyNative(app, url)).toMatchObject({ issuer: 'flask-microblog' });
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
      const other = { ...config, users: { preset: 'bcrypt', overrides: { password: 'encrypted_password' } } };
      const strange = await createApp(other, { clock: clockAt(0), log: silent });
      await expect(nativeWarnings(strange)).rejects.toThrow(/no native links for the preset bcrypt/);
      await strange.close();
    } finally {
      await site.close();
    }
  });
});

/** A session as Django keeps it, signed with a secret: newer ones expire later. */
async function addSession({ db }: TestDatabase, secret: string, expires: string): Promise<void> {
  const value = 'eyJhIjoxfQ:1xVCJr';
  const signature = djangoHmac('django.contrib.sessions.SessionStoresigner', value, secret);
  await db('django_session').insert({
    session_key: secret,
    session_data: `${value}:${signature.toString('base64url')}`,
    expire_date: expires,
  });
}

eachDatabase('the secret of native links', (open) => {
  it('stops every mail and link where it is proven wrong, and none where nothing is known', async () => {
    const database = await open();
    await database.db.schema.createTable('django_session', (builder) => {
      builder.string('session_key', 40).primary();
      builder.text('session_data').notNullable();
      builder.timestamp('expire_date').notNullable();
    });
    const site = await openSite(database, 'django', { appSecret: ['the new one', 'the one before'] });
    const { app, mailbox } = site;
    const request = { identifier: susan, actor: operator };
    try {
      expect((await checkNative(app, false))[0]?.message).toContain('nothing in this database proves');
      await issueLink(app, request);
      await addSession(database, 'the one before', '2026-11-22 15:00:00');
      expect((await checkNative(app, false))[0]?.message).toContain('nothing in this database proves');
      await issueLink(app, request);
      await addSession(database, 'of another site', '2026-11-23 15:00:00');
      const wrong = {
        code: 'config_invalid',
        message: expect.stringContaining('signed with a different one'),
      };
      await expect(issueLink(app, request)).rejects.toMatchObject(wrong);
      await expect(sendReset(app, { ...request, bucket: null })).rejects.toMatchObject(wrong);
      expect(mailbox.messages).toHaveLength(0);
      await addSession(database, 'the new one', '2026-11-24 15:00:00');
      expect((await checkNative(app, false))[0]).toMatchObject({ status: 'ok' });
      expect((await sendReset(app, { ...request, bucket: null })).status).toBe('sent');
    } finally {
      await site.close();
    }
  });

  it('may be changed while links are on their way, as far as the application knows the one before', async () => {
    const database = await open();
    const site = await openSite(database, 'django', { appSecret: 'the one before' });
    const { url } = await issueLink(site.app, { identifier: susan, actor: operator });
    const withSecrets = async (...secrets: string[]) => {
      const appSecrets = secrets.map((secret) => new Secret(secret));
      const app = await createApp({ ...site.app.config, appSecrets }, { clock: site.clock, log: silent });
      return { app, close: () => app.close() };
    };
    const both = await withSecrets('the new one', 'the one before');
    const newer = await withSecrets('the new one');
    try {
      expect(await verifyNative(both.app, url)).toMatchObject({ user: { email: susan.email } });
      await expect(verifyNative(newer.app, url)).rejects.toMatchObject({ code: 'token_invalid' });
      const issued = await issueLink(both.app, { identifier: susan, actor: operator });
      expect(await verifyNative(newer.app, issued.url)).toMatchObject({ issuer: 'django' });
    } finally {
      for (const each of [both, newer, site]) await each.close();
    }
  });

  it('is one alone where the application has no older ones', async () => {
    const site = await openSite(await open(), 'devise', { appSecret: ['one', 'another'] });
    try {
      await expect(issueLink(site.app, { identifier: susan, actor: operator })).rejects.toThrow(
        /devise has one secret_key_base .* and appSecret holds 2/,
      );
    } finally {
      await site.close();
    }
  });
});
