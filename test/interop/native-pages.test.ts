import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { walkNativePage } from '../../src/flows/walk-native-page.ts';
import { connect, type Db } from '../../src/db/connect.ts';
import { openBrowser } from './support/browser.ts';
import { phpHasher } from './support/hashers.ts';
import { createNative, type NativeReset } from './support/native.ts';
import { firstPassword } from './support/passwords.ts';
import { susan, type Application } from './support/peer.ts';
import { startDevise, type DeviseSite } from './support/start-devise.ts';
import { startFlask, type Flask } from './support/start-flask.ts';
import { startHasher, type HasherPeer } from './support/start-hasher.ts';
import { startBetterAuth } from './support/start-node-peer.ts';
import { startWordPress } from './support/start-wordpress.ts';

const wanted = 'seven green apples on a roof';

describe('the reset page of the Flask tutorial', () => {
  let flask: Flask;
  let reset: NativeReset;

  beforeAll(async () => {
    flask = await startFlask();
    reset = await createNative(flask, 'flask-microblog', flask.secretKey);
  });
  afterAll(() => flask?.stop());

  it('takes the link and changes the password there', async () => {
    const link = await reset.link();
    const browser = openBrowser(flask.origin);
    expect((await browser.get(link)).text).toContain('<form');
    expect((await browser.post(link, { password: wanted, password2: wanted })).location).toBe('/login');
    expect(await flask.accepts(wanted)).toBe(true);
    expect(await flask.accepts(firstPassword)).toBe(false);
  });

  it('made a token that `verify` takes, and refuses one of another secret', async () => {
    const { text } = await openBrowser(flask.origin).get('/own_token');
    expect((await reset.verify(text)).rows()).toMatchObject([
      { valid: true, email: susan.email, requestId: null },
    ]);
    const other = await createNative(flask, 'flask-microblog', 'another secret');
    expect((await other.verify(text)).code).toBe(5);
    expect((await openBrowser(flask.origin).get(await other.link())).location).toBe('/');
  });

  it('is walked by the program as by a person', async () => {
    const walked = await walkNativePage(await reset.link(), 'walked by the program', 10_000);
    expect(walked).toEqual({ status: 302, hadForm: true });
    expect(await flask.accepts('walked by the program')).toBe(true);
  });

  it('keeps a link good that was used, and `revoke` says so', async () => {
    await reset.link();
    const revoked = await reset.run(['revoke', susan.email]);
    expect(revoked.stderr).toContain('stay good');
  });
});

describe('the pages of Devise', () => {
  let devise: DeviseSite;
  let reset: NativeReset;

  beforeAll(async () => {
    devise = await startDevise();
    reset = await createNative(devise, 'devise', devise.secretKey, { digest: 'sha1' });
  });
  afterAll(() => devise?.stop());

  async function walk(link: string, password: string) {
    const browser = openBrowser(devise.origin);
    const form = await browser.get(link);
    return browser.post('/users/password', {
      _method: 'put',
      authenticity_token: form.field('authenticity_token'),
      'user[reset_password_token]': new URL(link).searchParams.get('reset_password_token') ?? '',
      'user[password]': password,
      'user[password_confirmation]': password,
    });
  }

  it('take the link, change the password, and refuse it the second time', async () => {
    const link = await reset.link();
    expect((await reset.verify(link)).rows()).toMatchObject([{ valid: true, issuer: 'devise' }]);
    expect((await walk(link, wanted)).status).toBeLessThan(304);
    expect(await devise.accepts(wanted)).toBe(true);
    expect((await walk(link, 'another one entirely')).text).toContain('Reset password token is invalid');
    expect((await reset.verify(link)).code).toBe(7);
  });

  it('are walked by the program as by a person, once', async () => {
    const link = await reset.link();
    expect(await walkNativePage(link, 'walked by the program', 10_000)).toMatchObject({ hadForm: true });
    expect(await devise.accepts('walked by the program')).toBe(true);
    await walkNativePage(link, 'walked a second time', 10_000);
    expect(await devise.accepts('walked a second time')).toBe(false);
  });

  it('refuse an older link, a revoked one, and one under keys of another digest', async () => {
    const older = await reset.link();
    const newer = await reset.link();
    expect((await reset.verify(older)).code).toBe(7);
    expect((await walk(older, 'an older link')).text).toContain('Reset password token is invalid');
    await reset.run(['revoke', susan.email]);
    expect((await walk(newer, 'a revoked link')).text).toContain('Reset password token is invalid');
    const other = await createNative(devise, 'devise', devise.secretKey, { digest: 'sha256' });
    expect((await walk(await other.link(), 'other keys')).text).toContain('Reset password token is invalid');
  });
});

describe('wp-login.php of WordPress', () => {
  let wordpress: Application;
  let reset: NativeReset;

  beforeAll(async () => {
    wordpress = await startWordPress();
    reset = await createNative(wordpress, 'wordpress', undefined);
  });
  afterAll(() => wordpress?.stop());

  it('takes the link, changes the password, and refuses it the second time', async () => {
    const link = await reset.link();
    expect((await reset.verify(link)).rows()).toMatchObject([{ valid: true, issuer: 'wordpress' }]);
    const browser = openBrowser(wordpress.origin);
    await browser.get(link);
    const form = await browser.get('/wp-login.php?action=rp');
    const done = await browser.post('/wp-login.php?action=resetpass', {
      rp_key: form.field('rp_key'),
      pass1: wanted,
      pass2: wanted,
      pw_weak: 'on',
    });
    expect(done.text).toContain('Your password has been reset');
    expect(await wordpress.accepts(wanted)).toBe(true);
    const again = openBrowser(wordpress.origin);
    await again.get(link);
    expect((await again.get('/wp-login.php?action=rp')).location).toContain('error=invalidkey');
    expect((await reset.verify(link)).code).toBe(7);
  });
});

describe('the endpoint of Better Auth', () => {
  let site: Application;
  let reset: NativeReset;

  beforeAll(async () => {
    site = await startBetterAuth();
    reset = await createNative(site, 'better-auth', undefined);
  });
  afterAll(() => site?.stop());

  it('takes the token, changes the password, and refuses it the second time', async () => {
    const link = await reset.link();
    expect((await reset.verify(link)).rows()).toMatchObject([{ valid: true, issuer: 'better-auth' }]);
    const token = new URL(link).searchParams.get('token');
    const use = (newPassword: string) =>
      openBrowser(site.origin).postJson('/api/auth/reset-password', { token, newPassword });
    expect(await use(wanted)).toMatchObject({ status: 200 });
    expect(await site.accepts(wanted)).toBe(true);
    expect(await use('another one entirely')).toMatchObject({ status: 400 });
    expect((await reset.verify(link)).code).not.toBe(0);
  });
});

describe('the token table of Laravel', () => {
  let peer: HasherPeer;
  let db: Db;

  beforeAll(async () => {
    peer = await startHasher('laravel', phpHasher('laravel'));
    db = await connect(peer.database);
    await db.schema.alterTable('password_reset_tokens', (table) => void table.timestamp('created_at'));
  });
  afterAll(async () => {
    await db?.destroy();
    await peer?.stop();
  });

  it('has one row of the address, whose hash Laravel’s hasher takes for the token of the link', async () => {
    const site = { folder: peer.folder, database: peer.database, origin: 'https://laravel.example' };
    const reset = await createNative(site, 'laravel', undefined);
    await reset.link();
    const link = await reset.link();
    const [, token = ''] = /\/reset-password\/([0-9a-f]{64})\?email=susan%40example\.com$/.exec(link) ?? [];
    const rows = (await db('password_reset_tokens').where({ email: susan.email })) as {
      token: string;
      created_at: string;
    }[];
    expect(rows).toHaveLength(1);
    expect(await phpHasher('laravel').check(token, rows[0]?.token ?? '')).toBe(true);
    expect(rows[0]?.created_at).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    expect((await reset.verify(link)).rows()).toMatchObject([{ valid: true, issuer: 'laravel' }]);
    await reset.run(['revoke', susan.email]);
    expect((await reset.verify(link)).code).not.toBe(0);
  });
});
