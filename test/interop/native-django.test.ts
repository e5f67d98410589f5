import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execa } from 'execa';
import { join } from 'node:path';
import { readdir, readFile } from 'node:fs/promises';
import { walkNativePage } from '../../src/flows/walk-native-page.ts';
import { succeed } from '../helpers/run-reset.ts';
import { openBrowser } from './support/browser.ts';
import { createNative, type NativeReset } from './support/native.ts';
import { firstPassword } from './support/passwords.ts';
import { susan } from './support/peer.ts';
import { peerScript, python } from './support/process.ts';
import { startDjango, type Django } from './support/start-django.ts';

const PEOPLE = 1000;

describe('Django’s own password_reset_confirm', () => {
  let django: Django;
  let reset: NativeReset;

  beforeAll(async () => {
    django = await startDjango();
    reset = await createNative(django, 'django', django.secretKey);
  });
  afterAll(() => django?.stop());

  /** Opens a link as a person does, and gives what the page says to the new password. */
  async function walk(link: string, password: string) {
    const browser = openBrowser(django.origin);
    const first = await browser.get(link);
    if (first.location === undefined) return first;
    const form = await browser.get(first.location);
    return browser.post(first.location, {
      csrfmiddlewaretoken: form.field('csrfmiddlewaretoken'),
      new_password1: password,
      new_password2: password,
    });
  }

  it('takes the link, changes the password, and refuses it the second time', async () => {
    const link = await reset.link();
    expect(link).toMatch(/\/accounts\/reset\/MQ\/[0-9a-z]+-[0-9a-f]{32}\/$/);
    expect((await reset.verify(link)).rows()).toMatchObject([{ valid: true, userId: '1', issuer: 'django' }]);
    expect((await walk(link, 'green apples on a roof')).location).toContain('/accounts/reset/done/');
    expect(await django.accepts('green apples on a roof')).toBe(true);
    expect(await django.accepts(firstPassword)).toBe(false);
    const again = await walk(link, 'another one entirely');
    expect(again.text).toContain('password reset link was invalid');
    expect((await reset.verify(link)).code).toBe(5);
    const [status] = (await succeed(reset.run(['status', susan.email, '--json']))).rows();
    expect(JSON.stringify(status)).toContain('link_dead');
  });

  it('is walked by the program as by a person, once', async () => {
    const link = await reset.link();
    expect(await walkNativePage(link, 'green apples on a roof', 10_000)).toEqual({
      status: 302,
      hadForm: true,
    });
    expect(await django.accepts('green apples on a roof')).toBe(true);
    expect(await walkNativePage(link, 'walked a second time', 10_000)).toEqual({
      status: 200,
      hadForm: false,
    });
  });

  it('made no token that `verify` refuses: Django’s own is good, too', async () => {
    const made = await execa(python, ['-B', peerScript('django_token.py'), django.database.slice(7), '1'], {
      env: { PEER_SECRET: django.secretKey },
    });
    const link = `${django.origin}/accounts/reset/${made.stdout.trim()}/`;
    expect((await reset.verify(link)).rows()).toMatchObject([
      { valid: true, requestId: null, email: susan.email },
    ]);
  });

  it('proves the secret by a session, and tells a wrong one', async () => {
    await django.signIn('green apples on a roof');
    const right = await reset.run(['doctor', '--json']);
    expect(right.stdout).toContain('the secret is the SECRET_KEY that the application signs with');
    const other = await createNative(django, 'django', 'another secret');
    const wrong = await other.run(['doctor', '--json']);
    expect(wrong.stdout).toContain('the secret is not the SECRET_KEY');
    expect(wrong.code).toBe(3);
    expect((await walk(await other.link(), 'never written')).text).toContain(
      'password reset link was invalid',
    );
  });

  it(`takes every link of a batch to ${PEOPLE} users`, async () => {
    const people = await execa(
      python,
      ['-B', peerScript('django_token.py'), django.database.slice(7), 'add', String(PEOPLE)],
      { env: { PEER_SECRET: django.secretKey } },
    );
    expect(people.stdout.trim()).toBe(String(PEOPLE + 1));
    await succeed(reset.run(['send', '--all', '--yes', '--force', '--json']));
    const mails = join(reset.folder, 'mailbox');
    const links: string[] = [];
    for (const file of await readdir(mails)) {
      const text = (await readFile(join(mails, file), 'utf8')).replace(/=\r?\n/g, '').replace(/=3D/g, '=');
      const [, link] = /\/accounts\/reset\/([\w-]+\/[\w-]+)\//.exec(text) ?? [];
      if (link !== undefined) links.push(link);
    }
    expect(new Set(links.map((link) => link.split('/')[0])).size).toBe(PEOPLE + 1);
    const checked = await execa(
      python,
      ['-B', peerScript('django_token.py'), django.database.slice(7), 'check'],
      {
        env: { PEER_SECRET: django.secretKey },
        input: links.join('\n'),
      },
    );
    expect(checked.stdout.trim()).toBe(`${links.length} good of ${links.length}`);
  });
});
