import { describe, expect, it } from 'vitest';
import { execa } from 'execa';
import { join } from 'node:path';
import { readdir, readFile } from 'node:fs/promises';
import { connect } from '../../src/db/connect.ts';
import { succeed } from '../helpers/run-reset.ts';
import { openBrowser } from './support/browser.ts';
import { expectSmoke, expectSmokeToFail } from './support/expect-smoke.ts';
import { createNative } from './support/native.ts';
import { firstPassword } from './support/passwords.ts';
import { susan } from './support/peer.ts';
import { peerScript, python } from './support/process.ts';
import { startDjango } from './support/start-django.ts';
import { withNativePeer } from './support/with-peer.ts';

const PEOPLE = 1000;

describe('Django’s own password_reset_confirm', () => {
  const { peer: django, reset } = withNativePeer(() => startDjango(), 'django');

  /** As if nobody had signed in: nothing in the database is signed with the secret. */
  async function forgetSessions() {
    const db = await connect(django().database);
    await db('django_session').delete();
    await db.destroy();
  }

  /** Opens a link as a person does, and gives what the page says to the new password. */
  async function walk(link: string, password: string) {
    const browser = openBrowser(django().origin);
    const first = await browser.get(link);
    if (first.location === undefined) return first;
    const form = await browser.get(first.location);
    return browser.post(first.location, {
      csrfmiddlewaretoken: form.field('csrfmiddlewaretoken'),
      new_password1: password,
      new_password2: password,
    });
  }

  it('is walked by `reset smoke`', () => expectSmoke(django(), reset()));

  it('lets `reset smoke` say that the secret is wrong, or that the page has moved', async () => {
    const other = await createNative(django(), 'django', 'another secret');
    await forgetSessions();
    expectSmokeToFail(await other.smoke(), {
      code: 5,
      step: "the application's page accepts the link, and opening it changes nothing",
      says: [
        'no form for a new password: 200',
        'The password reset link was invalid',
        "appSecret is not the application's SECRET_KEY",
      ],
    });
    const moved = await createNative(django(), 'django', django().secretKey, { path: '/password/reset' });
    expectSmokeToFail(await moved.smoke(), {
      code: 5,
      step: "the application's page accepts the link, and opening it changes nothing",
      says: ['no form for a new password: 404', 'link.path'],
    });
    expect(await django().accepts(firstPassword)).toBe(true);
  });

  it('takes the link, changes the password, and refuses it the second time', async () => {
    const link = await reset().link();
    expect(link).toMatch(/\/accounts\/reset\/MQ\/[0-9a-z]+-[0-9a-f]{32}\/$/);
    expect((await reset().verify(link)).rows()).toMatchObject([
      { valid: true, userId: '1', issuer: 'django' },
    ]);
    expect((await walk(link, 'green apples on a roof')).location).toContain('/accounts/reset/done/');
    expect(await django().accepts('green apples on a roof')).toBe(true);
    expect(await django().accepts(firstPassword)).toBe(false);
    const again = await walk(link, 'another one entirely');
    expect(again.text).toContain('password reset link was invalid');
    expect((await reset().verify(link)).code).toBe(5);
    const [status] = (await succeed(reset().run(['status', susan.email, '--json']))).rows();
    expect(JSON.stringify(status)).toContain('link_dead');
  });

  it('made no token that `verify` refuses: Django’s own is good, too', async () => {
    const made = await execa(python, ['-B', peerScript('django_token.py'), django().database.slice(7), '1'], {
      env: { PEER_SECRET: django().secretKey },
    });
    const link = `${django().origin}/accounts/reset/${made.stdout.trim()}/`;
    expect((await reset().verify(link)).rows()).toMatchObject([
      { valid: true, requestId: null, email: susan.email },
    ]);
  });

  it('may have a new secret: `verify` takes what Django made under the one before', async () => {
    const made = await execa(python, ['-B', peerScript('django_token.py'), django().database.slice(7), '1'], {
      env: { PEER_SECRET: 'the secret of last year' },
    });
    const link = `${django().origin}/accounts/reset/${made.stdout.trim()}/`;
    const both = await createNative(django(), 'django', `${django().secretKey}\nthe secret of last year\n`);
    expect((await both.verify(link)).rows()).toMatchObject([{ valid: true, email: susan.email }]);
    expect((await reset().verify(link)).code).toBe(5);
    expect((await walk(await both.link(), 'green apples on a roof')).location).toContain('done');
  });

  it('proves the secret by a session; with a wrong one no link goes out', async () => {
    await django().signIn('green apples on a roof');
    const right = await reset().run(['doctor', '--json']);
    expect(right.stdout).toContain('the secret is the SECRET_KEY that the application signs with');
    const other = await createNative(django(), 'django', 'another secret');
    const wrong = await other.run(['doctor', '--json']);
    expect(wrong.stdout).toContain('the secret is not the SECRET_KEY');
    expect(wrong.code).toBe(3);
    const refused = await other.run(['link', susan.email]);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('the newest session is signed with a different one');
  });

  it('is looked for before a link goes out', async () => {
    const elsewhere = await createNative(
      { ...django(), origin: `${django().origin}/shop` },
      'django',
      django().secretKey,
    );
    const refused = await elsewhere.run(['send', susan.email, '--force']);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('the answer is 404; set link.path');
    await expect(readdir(join(elsewhere.folder, 'mailbox'))).rejects.toThrow('ENOENT');
  });

  it(`takes every link of a batch to ${PEOPLE} users`, async () => {
    const people = await execa(
      python,
      ['-B', peerScript('django_token.py'), django().database.slice(7), 'add', String(PEOPLE)],
      { env: { PEER_SECRET: django().secretKey } },
    );
    expect(people.stdout.trim()).toBe(String(PEOPLE + 1));
    await succeed(reset().run(['send', '--all', '--yes', '--force', '--json']));
    const mails = join(reset().folder, 'mailbox');
    const links: string[] = [];
    for (const file of await readdir(mails)) {
      const text = (await readFile(join(mails, file), 'utf8')).replace(/=\r?\n/g, '').replace(/=3D/g, '=');
      const [, link] = /\/accounts\/reset\/([\w-]+\/[\w-]+)\//.exec(text) ?? [];
      if (link !== undefined) links.push(link);
    }
    expect(new Set(links.map((link) => link.split('/')[0])).size).toBe(PEOPLE + 1);
    const checked = await execa(
      python,
      ['-B', peerScript('django_token.py'), django().database.slice(7), 'check'],
      {
        env: { PEER_SECRET: django().secretKey },
        input: links.join('\n'),
      },
    );
    expect(checked.stdout.trim()).toBe(`${links.length} good of ${links.length}`);
  });
});
