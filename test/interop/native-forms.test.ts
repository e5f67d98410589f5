import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { succeed } from '../helpers/run-reset.ts';
import { openBrowser } from './support/browser.ts';
import { expectSmoke } from './support/expect-smoke.ts';
import { createNative, type NativeReset } from './support/native.ts';
import { firstPassword } from './support/passwords.ts';
import { susan } from './support/peer.ts';
import { startAllauth, startFlaskSecurity, startSigned, type SampleSite } from './support/start-signed.ts';

const wanted = 'seven green apples on a roof';

/** The file that `init --sample-link` has written `link` into. */
const linkIn = ({ folder }: NativeReset): unknown =>
  (JSON.parse(readFileSync(join(folder, 'reset.config.json'), 'utf8')) as { link: unknown }).link;

/** From the site's own link to links of ours at its page, and back. */
async function expectForm(
  site: SampleSite,
  preset: string,
  { link, users = {}, lastStep }: { link: object; users?: object; lastStep?: string },
): Promise<void> {
  const reset = await createNative(
    site,
    preset,
    site.secretKey,
    { path: '/nowhere' },
    { users: { preset, ...users } },
  );
  const learnt = await succeed(reset.run(['init', '--no-input', '--sample-link', await site.ownLink()]));
  expect(learnt.stderr).toContain(`for ${susan.email}`);
  expect(linkIn(reset)).toEqual({ native: true, ...link });
  const verified = await reset.verify(await site.ownLink());
  expect(verified.rows()).toMatchObject([{ valid: true, email: susan.email, requestId: null }]);
  const other = await createNative(site, preset, 'another secret', link as Record<string, unknown>, {
    users: { preset, ...users },
  });
  expect((await other.verify(await site.ownLink())).code).toBe(5);
  await expectSmoke(site, reset, lastStep);
  expect((await reset.verify(await reset.link())).code).toBe(0);
}

/** The page takes our link, and none of another secret. */
async function expectPage(site: SampleSite, reset: NativeReset): Promise<void> {
  const browser = openBrowser(site.origin);
  const link = await reset.link();
  expect((await browser.get(link)).text).toContain('<form');
  await browser.post(link, { password: wanted });
  expect(await site.accepts(wanted)).toBe(true);
  await browser.post(link, { password: firstPassword });
  expect(await site.accepts(firstPassword)).toBe(true);
}

/** A site for as long as `use` takes. */
async function atSite(
  starting: Promise<SampleSite>,
  use: (site: SampleSite) => Promise<void>,
): Promise<void> {
  const site = await starting;
  await use(site).finally(() => site.stop());
}

const path = '/account/reset/{token}';

describe('links that Flask sites sign with itsdangerous 2 or PyJWT', () => {
  it.each([
    ['series', { path, token: { form: 'itsdangerous' } }],
    [
      'salted-address',
      { path, token: { form: 'itsdangerous', claim: '', of: 'email', salt: 'password-reset-salt' } },
    ],
    ['salted-id', { path, token: { form: 'itsdangerous', claim: '', salt: 'password-reset' } }],
    ['list', { path, token: { form: 'itsdangerous', claim: '[]', of: 'username', salt: 'reset-salt' } }],
    ['jwt-name', { path, token: { form: 'jwt', of: 'username' } }],
    ['jwt-endless', { path, token: { form: 'jwt', claim: 'user_id', algorithm: 'HS384', times: [] } }],
    [
      'jwt-subject',
      {
        path,
        token: {
          form: 'jwt',
          claim: 'sub',
          text: true,
          also: { type: 'reset' },
          algorithm: 'HS512',
          times: ['exp', 'iat'],
        },
      },
    ],
  ])('%s: are learnt, made and read, both ways', async (form, link) => {
    await atSite(startSigned(form), async (site) => {
      await expectForm(site, 'flask-microblog', { link, lastStep: 'the link expires' });
      await expectPage(site, await createNative(site, 'flask-microblog', site.secretKey, link));
    });
  });
});

describe('links of Flask-Security 5.1', () => {
  it('are learnt, made and read, both ways, and end with the password', () => {
    const users = {
      table: 'user',
      id: 'id',
      email: 'email',
      password: 'password',
      hash: { format: 'bcrypt', prehash: 'hmac-sha512-base64', prehashKey: 'the salt of this site' },
    };
    return atSite(startFlaskSecurity(), (site) =>
      expectForm(site, 'bcrypt', { link: { token: { form: 'flask-security' } }, users }),
    );
  });
});

describe('links of django-allauth 0.51', () => {
  it('are learnt, made and read, both ways, and end with the password', () =>
    atSite(startAllauth(), (site) =>
      expectForm(site, 'django', { link: { token: { form: 'django-allauth' } } }),
    ));
});
