import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { removeFolderSync } from '../helpers/temporary-folder.ts';

const KEYS = [
  'hex:00112233445566778899aabbccddeeff0123456789abcdeffedcba9876543210',
  'hex:ff112233445566778899aabbccddeeff0123456789abcdeffedcba9876543210',
] as const;

let home: string;
let elsewhere: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'reset-home-'));
  elsewhere = mkdtempSync(join(tmpdir(), 'reset-elsewhere-'));
});
afterEach(() => {
  for (const folder of [home, elsewhere]) removeFolderSync(folder);
});

function place(...paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(join(home, path, '..'), { recursive: true });
    writeFileSync(join(home, path), '');
  }
}

function writeKey(name: string, key: string): void {
  writeFileSync(join(home, name), key);
  chmodSync(join(home, name), 0o600);
}

/** Called in one folder, its config file in another. */
function load(content: unknown, options: { env?: Record<string, string>; flags?: object } = {}) {
  const file = join(home, 'reset.config.json');
  writeFileSync(file, JSON.stringify(content));
  return loadConfig({ cwd: elsewhere, file, env: {}, ...options });
}

describe('a relative path in the config file is meant from the folder of that file', () => {
  it('for every key that is a path', async () => {
    place('mine/mail.ejs', 'pictures/logo.svg', 'lists/words.txt');
    const config = await load({
      templates: 'mine',
      brand: { logo: './pictures/logo.svg' },
      password: { blocklist: 'mine/../lists/words.txt' },
      server: { host: 'unix:run/reset.sock' },
    });
    expect(config.templates).toBe(join(home, 'mine'));
    expect(config.brand.logo).toBe(join(home, 'pictures/logo.svg'));
    expect(config.password.blocklist).toBe(join(home, 'lists/words.txt'));
    expect(config.server.host).toBe(`unix:${join(home, 'run/reset.sock')}`);
  });

  it.each([
    [
      'sqlite:app.db',
      'smtp://me@mail.test?ca=tls/ca.pem&auth=xoauth2&token=token.txt',
      'sqlite:HOME/app.db',
      'smtp://me@mail.test?ca=HOME%2Ftls%2Fca.pem&auth=xoauth2&token=HOME%2Ftoken.txt',
    ],
    [
      'postgres://u:p%3F@db.test/app?sslmode=verify-full&sslrootcert=my%20ca.pem',
      'file:mailbox',
      'postgres://u:p%3F@db.test/app?sslmode=verify-full&sslrootcert=HOME%2Fmy%20ca.pem',
      'file:HOME/mailbox',
    ],
  ])('within the URLs %s and %s', async (database, url, wantedDatabase, wantedUrl) => {
    const config = await load({ database, mail: { url } });
    const inUrl = (text: string | undefined): string | undefined =>
      text?.replace(home, 'HOME').replaceAll(encodeURIComponent(home), 'HOME');
    expect(inUrl(config.database?.reveal())).toBe(wantedDatabase);
    expect(inUrl(config.mail.url?.reveal())).toBe(wantedUrl);
  });

  it.each([
    ['a list', ['file:new.key', 'file:old.key']],
    ['a text', 'file:new.key, file:old.key'],
  ])('for signing keys in %s', async (_name, secret) => {
    writeKey('new.key', KEYS[0]);
    writeKey('old.key', KEYS[1]);
    const { secrets } = await load({ secret });
    expect(secrets.map((key) => `hex:${key.reveal().toString('hex')}`)).toEqual(KEYS);
  });

  it('also where the file is a module', async () => {
    writeFileSync(join(home, 'reset.config.mjs'), 'export default { templates: "mine" };');
    place('mine/mail.ejs');
    mkdirSync(join(home, 'deep/down'), { recursive: true });
    const config = await loadConfig({
      cwd: join(home, 'deep/down'),
      file: '../../reset.config.mjs',
      env: {},
    });
    expect(config.templates).toBe(join(home, 'mine'));
  });
});

it('a path that is whole, and what holds no path, stays as it is', async () => {
  const content = {
    database: 'postgres://u:p@127.0.0.1/sqlite:app.db',
    mail: { url: 'smtp://127.0.0.1:1025' },
    templates: elsewhere,
    server: { host: 'fd:3' },
    secret: KEYS[0],
  };
  const config = await load(content);
  expect(config.database?.reveal()).toBe(content.database);
  expect(config.mail.url?.reveal()).toBe(content.mail.url);
  expect([config.templates, config.server.host]).toEqual([elsewhere, 'fd:3']);
  expect((await load({ database: 'sqlite:///srv/app.db' })).database?.reveal()).toBe('sqlite:///srv/app.db');
});

it('a path on the command line, in the environment or in .env is meant from the working directory', async () => {
  writeFileSync(join(elsewhere, '.env'), 'RESET_MAIL_URL=file:mailbox\n');
  const config = await load(
    { templates: 'file', database: 'sqlite:file.db', mail: { url: 'file:file' } },
    { env: { RESET_DATABASE: 'sqlite:environment.db' }, flags: { templates: 'templates' } },
  );
  expect(config.templates).toBe('templates');
  expect(config.database?.reveal()).toBe('sqlite:environment.db');
  expect(config.mail.url?.reveal()).toBe('file:mailbox');
});

it('an empty path is refused as one', async () => {
  await expect(load({ templates: '' })).rejects.toThrow(/templates .*must be text, and not empty/);
  await expect(load({ mail: { url: 'file:' } })).rejects.toThrow(/mail\.url .*names no folder/);
});
