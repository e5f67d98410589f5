import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeSetup, susan } from '../../helpers/run-reset.ts';

const canary = 'canary7of2passwords';

/** Every place that takes a URL with a password in it; each URL leads nowhere, or cannot be read. */
const PLACES: readonly (readonly [string, Readonly<Record<string, string>>, readonly string[]])[] = [
  ['PostgreSQL that is away', { database: `postgres://susan:${canary}@127.0.0.1:1/app` }, []],
  ['MariaDB that is away', { database: `mariadb://susan:${canary}@127.0.0.1:1/app` }, []],
  [
    'a database URL with a slash in the password',
    { database: `postgres://susan:12/${canary}@127.0.0.1/app` },
    [],
  ],
  ['a database URL that cannot be read', { database: `postgres://susan:x/${canary}@127.0.0.1/app` }, []],
  ['a database URL with a stray percent sign', { database: `mysql://susan:%${canary}@127.0.0.1/app` }, []],
  ['a database URL without a name', { database: `postgres://susan:${canary}@127.0.0.1` }, []],
  ['a mail server that is away', { 'mail.url': `smtp://susan:${canary}@127.0.0.1:1` }, []],
  ['a mail URL with a slash in the password', { 'mail.url': `smtp://susan:12/${canary}@127.0.0.1` }, []],
  ['a mail URL that cannot be read', { 'mail.url': `smtp://susan:x#${canary}@127.0.0.1` }, []],
  ['a mail URL with a user and no host', { 'mail.url': `smtps://susan:${canary}@` }, []],
  ['a mail URL of another kind', { 'mail.url': `http://susan:${canary}@127.0.0.1` }, []],
  ['a base URL with a login', { baseUrl: `https://susan:${canary}@example.com` }, []],
  ['a login URL with a login', { loginUrl: `https://susan:${canary}@example.com` }, []],
  ['flags', {}, ['--database', `postgres://susan:${canary}@127.0.0.1:1/app`]],
  ['a flag that cannot be read', {}, ['--mail-url', `smtp://susan:x/${canary}@127.0.0.1`]],
];

describe('a password in a URL is in no output, no error and no file:', () => {
  it.each(PLACES)('%s', async (_name, settings, flags) => {
    const { database, ...others } = settings;
    const setup = await makeSetup(others);
    const env: Record<string, string> = database === undefined ? {} : { RESET_DATABASE: database };
    for (const command of [['doctor'], ['smoke', '--mailbox', 'file:mailbox', '--junit', 'smoke.xml']])
      await expectSilence(setup, [...command, ...flags, '--verbose'], env);
    expect(await readdir(setup.folder)).toContain('smoke.xml');
    expect(await readFile(join(setup.folder, 'smoke.xml'), 'utf8')).not.toContain(canary);
  });

  it.each([
    ['--mailbox', `http://susan:${canary}@127.0.0.1:2`],
    ['--mailbox', `http://susan:x/${canary}@127.0.0.1`],
    ['--mailbox', `smtp://susan:${canary}@127.0.0.1`],
    ['--url', `http://susan:${canary}@127.0.0.1:2`],
    ['--url', `http://susan:x/${canary}@127.0.0.1`],
    ['--url', `ftp://susan:${canary}@127.0.0.1`],
  ])('smoke %s %s', async (option, url) => {
    const setup = await makeSetup();
    const args = ['smoke', '--email', susan.email, '--allow', option, url, '--junit', 'smoke.xml'];
    await expectSilence(setup, [...args, '--verbose'], {});
    await expectSilence(setup, [...args, '--json'], {});
    expect(await readFile(join(setup.folder, 'smoke.xml'), 'utf8')).not.toContain(canary);
  });
});

async function expectSilence(
  setup: Awaited<ReturnType<typeof makeSetup>>,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const { code, stdout, stderr } = await setup.run(args, { env });
  expect({ args: args[0], failed: code !== 0 && code !== 1 }).toEqual({ args: args[0], failed: true });
  for (const text of [stdout, stderr]) {
    expect(text).not.toContain(canary);
    expect(text).not.toContain(Buffer.from(`susan:${canary}`).toString('base64'));
  }
}
