import { afterEach, expect, it } from 'vitest';
import { describeLearnt, linkSettings } from '../../../src/flows/native/describe-learnt.ts';
import { learnLink } from '../../../src/flows/native/learn-link.ts';
import { isResetError } from '../../../src/errors.ts';
import type { Person } from '../../../src/native/issuer.ts';
import { laravel } from '../../../src/native/issuers/laravel.ts';
import { fillLink, partsOf } from '../../../src/native/link-path.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { openIssuer } from '../../helpers/open-issuer.ts';
import { openFlowApp, type FlowApp } from '../flow-app.ts';
import { addTokenTables, anySigned, createRandom, foreignLink, linkOf, type Form } from './sample-links.ts';

const base = 'https://accounts.example.test';
const SECRET = 'the secret of this site, which is long enough';

const personOf = (id: number): Person => ({
  id: String(id),
  email: `user${id}@example.com`,
  username: `person${id}`,
  encoded: '',
  columns: {},
});

async function openUsers(
  url: { readonly url: string } & Parameters<typeof openFlowApp>[0],
  secrets = [SECRET],
) {
  const site = await openFlowApp(url, {
    flags: { 'users.preset': 'default', appSecret: secrets },
  });
  const rows = Array.from({ length: 30 }, (_, index) => ({
    id: index + 1,
    email: `user${index + 1}@example.com`,
    username: `person${index + 1}`,
  }));
  await site.app.usersDb('users').insert(rows);
  return site;
}

/** What the answer says of a form, without what is usual. */
const settingsOf = (site: FlowApp, { token, path }: Form) =>
  linkSettings(site.app.config, { token, path, issuer: {}, digest: 'sha256' } as never);

eachDatabase('the form of a link', (open) => {
  let site: FlowApp | undefined;
  afterEach(() => site?.close());

  it('is learnt from one link, whatever its parameters, and never from one of another secret', async () => {
    site = await openUsers(await open());
    const random = createRandom(18);
    const iat = Math.floor(site.clock.now() / 1000) - 60;
    for (let count = 0; count < 150; count += 1) {
      const form = anySigned(random);
      const person = personOf(1 + random.below(30));
      const learnt = await learnLink(site.app, await linkOf(form, person, { secret: SECRET, iat, base }));
      expect(learnt.user.id).toBe(person.id);
      expect(linkSettings(site.app.config, learnt)).toEqual(settingsOf(site, form));
      const other = await linkOf(form, person, { secret: random.text(30), iat, base });
      await expect(learnLink(site.app, other)).rejects.toMatchObject({
        details: { reason: 'wrong_secret' },
      });
    }
  });

  it('is never found in links of other forms', async () => {
    site = await openUsers(await open());
    await addTokenTables(site.app.usersDb);
    const random = createRandom(19);
    for (let count = 0; count < 300; count += 1) {
      const error: unknown = await learnLink(site.app, foreignLink(random, base)).catch(
        (each: unknown) => each,
      );
      expect(isResetError(error) && error.code).toBe('token_invalid');
    }
  });

  const susan = personOf(7);
  const schafer: Form = { token: { form: 'itsdangerous' }, path: '/reset_password/{token}' };
  const now = () => Math.floor((site?.clock.now() ?? 0) / 1000);
  const mailed = (form: Form, secret = SECRET, person = susan) =>
    linkOf(form, person, { secret, iat: now() - 60, base });

  it('is said in one line, and written down without what is usual', async () => {
    site = await openUsers(await open());
    const form: Form = {
      token: { form: 'itsdangerous', claim: '', of: 'email', salt: 'password-reset-salt' },
      path: '/shop/reset?token={token}&email={email}',
    };
    const learnt = await learnLink(site.app, await mailed(form));
    expect(describeLearnt(learnt)).toBe(
      'A link of itsdangerous (email, salt password-reset-salt, sha1) at /shop/reset?token={token}&email={email}; the same token was made again for user7@example.com.',
    );
    expect(linkSettings(site.app.config, learnt)).toEqual({ native: true, ...form });
    const usual = await learnLink(site.app, await mailed(schafer));
    expect(linkSettings(site.app.config, usual)).toEqual({ native: true, token: { form: 'itsdangerous' } });
    const tutorial = { token: { form: 'jwt' }, path: '/auth/reset_password/{token}' };
    const microblog = { users: { preset: 'flask-microblog', overrides: {} } };
    expect(linkSettings(microblog, await learnLink(site.app, await mailed(tutorial)))).toEqual({
      native: true,
    });
  });

  it.each([
    ['with quotes around it', (secret: string) => `"${secret}"`, 'without the quotes around it'],
    ['as a line of .env', (secret: string) => `SECRET_KEY=${secret}`, 'without the name before it'],
    ['in base64', (secret: string) => Buffer.from(`${secret}\n`).toString('base64'), 'decoded from base64'],
    ['with spaces', (secret: string) => `  ${secret} `, 'without the spaces around it'],
    ['as the second of two', (secret: string) => `another one\n${secret}`, 'as line 2 alone'],
  ])('is learnt with a secret %s, which is named', async (_how, write, note) => {
    site = await openUsers(await open(), write(SECRET) as unknown as string[]);
    const learnt = await learnLink(site.app, await mailed(schafer));
    expect(describeLearnt(learnt)).toContain(`The secret is right ${note}: write it like that.`);
  });

  it.each([
    [
      'names its user twice',
      { token: { form: 'jwt', claim: 'sub', of: 'email', also: { id: 7 } } },
      'ambiguous',
    ],
    ['holds a digest', { token: { form: 'jwt', claim: 'id', also: { fp: 'a1b2c3' } } }, 'ambiguous'],
    ['has a jti', { token: { form: 'jwt', claim: 'id', also: { jti: 'a1b2c3' } } }, 'unknown_form'],
    ['is of nobody', { token: { form: 'jwt', claim: 'id' }, id: 999 }, undefined],
  ] as const)('is not guessed where the token %s', async (_what, { token, ...more }, reason) => {
    site = await openUsers(await open());
    const person = 'id' in more ? personOf(more.id) : susan;
    const link = await mailed({ token, path: '/reset/{token}' }, SECRET, person);
    await expect(learnLink(site.app, link)).rejects.toMatchObject({
      code: 'token_invalid',
      ...(reason && { details: { reason } }),
    });
  });

  it('is learnt although a claim says what the token is for', async () => {
    site = await openUsers(await open());
    const token = { form: 'jwt', claim: 'sub', text: true, also: { type: 'reset' } };
    const learnt = await learnLink(site.app, await mailed({ token, path: '/reset/{token}' }));
    expect(linkSettings(site.app.config, learnt).token).toEqual(token);
  });

  it('of Rails is said with its purpose', async () => {
    site = await openUsers(await open());
    const signed = {
      token: { form: 'rails-signed-id', claim: 'user/new_password' },
      path: '/reset?t={token}',
    };
    const learnt = await learnLink(site.app, await mailed(signed));
    expect(describeLearnt(learnt)).toMatch(
      /^A link of rails-signed-id \(user\/new_password\) at \/reset\?t=\{token\}; /,
    );
  });

  it.each([
    // laravel/fortify routes/routes.php@f1ad2dd, which laravel/jetstream@a57f6e9 takes as it is; the framework adds the address
    ["Fortify's and Jetstream's own route", '/reset-password/{token}?email={email}', {}],
    ['fortify.prefix', '/auth/reset-password/{token}?email={email}'],
    // laravel/fortify src/RoutePath.php@c388856
    ['fortify.paths', '/account/new-password/{token}?email={email}'],
    // laravel/ui, and the framework before 8
    ['an older Laravel', '/password/reset/{token}?email={email}'],
    // laravel/breeze, its stack for an API: createUrlUsing
    ['a page of its own', '/password-reset/{token}?email={email}'],
  ])('of Laravel is learnt at %s', async (_whose, path, settings: object = { path }) => {
    site = await openUsers(await open());
    const { usersDb } = site.app;
    await usersDb.schema.createTable('password_reset_tokens', (table) => {
      table.string('email').primary();
      table.string('token');
      table.timestamp('created_at').nullable();
    });
    const issuer = await openIssuer(laravel, { db: usersDb });
    const grant = { iat: now() - 60, exp: now() + 3540, seed: Buffer.alloc(96, 9) };
    const parts = issuer.make(susan, grant);
    await issuer.store?.(usersDb, susan, grant, parts);
    const learnt = await learnLink(site.app, fillLink(base, path, partsOf(susan, parts)));
    const token = { form: 'laravel' };
    expect(linkSettings(site.app.config, learnt)).toEqual({ native: true, token, ...settings });
    const ofPreset = { users: { preset: 'laravel', overrides: {} } };
    expect(linkSettings(ofPreset, learnt)).toEqual({ native: true, ...settings });
    await usersDb('password_reset_tokens').update('token', '$2y$04$' + 'a'.repeat(53));
    const error = await learnLink(site.app, fillLink(base, path, partsOf(susan, parts))).catch(
      (each: unknown) => each,
    );
    expect(isResetError(error) && error.code).toBe('token_invalid');
  });

  it.each([
    [`base64:${Buffer.alloc(32, 0xfe).toString('base64')}`, 'It begins with base64:, as Laravel'],
    ['-----BEGIN PRIVATE KEY-----', 'It looks like a file of keys'],
  ])('says what %j is, which signs no link', async (given, says) => {
    site = await openUsers(await open(), [given]);
    await expect(learnLink(site.app, await mailed({ ...schafer, token: { form: 'rails' } }))).rejects.toThrow(
      says,
    );
  });

  it('says that no secret is set', async () => {
    site = await openFlowApp(await open(), { flags: { 'users.preset': 'default' } });
    await expect(learnLink(site.app, await mailed(schafer))).rejects.toThrow('--app-secret-file');
  });
});
