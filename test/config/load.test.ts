import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig, type LoadOptions } from '../../src/config/load.ts';
import { isResetError } from '../../src/errors.ts';
import { removeFolderSync } from '../helpers/temporary-folder.ts';

const SECRET = 'hex:00112233445566778899aabbccddeeff0123456789abcdeffedcba9876543210';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reset-config-'));
});
afterEach(() => {
  removeFolderSync(folder);
});

const write = (name: string, content: unknown) => {
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
};
const load = (options: Partial<LoadOptions> = {}) => loadConfig({ cwd: folder, env: {}, ...options });

async function problemsOf(
  options: Partial<LoadOptions>,
): Promise<{ key: string; source: string; message: string }[]> {
  try {
    await load(options);
    return [];
  } catch (error) {
    if (!isResetError(error)) throw error;
    expect(error.code).toBe('config_invalid');
    return error.details['problems'] as { key: string; source: string; message: string }[];
  }
}

describe('where a value comes from', () => {
  it('flags win over the environment, .env, the file and the default, in this order', async () => {
    write('reset.config.json', {
      appName: 'file',
      timeZone: 'Asia/Seoul',
      mail: { locale: 'ko' },
      server: { port: 1 },
    });
    write('.env', 'RESET_APP_NAME=dotenv\nRESET_TIME_ZONE=Europe/Berlin\nRESET_LOCALE=de\n');
    const env = { RESET_APP_NAME: 'environment', RESET_TIME_ZONE: 'Europe/Paris' };
    const config = await load({ env, flags: { appName: 'flag' } });
    expect(config).toMatchObject({
      appName: 'flag',
      timeZone: 'Europe/Paris',
      mail: { locale: 'de' },
      server: { port: 1, host: '127.0.0.1' },
    });
    expect(config.sources.get('appName')).toBe('flag --app-name');
    expect(config.sources.get('timeZone')).toBe('environment RESET_TIME_ZONE');
    expect(config.sources.get('mail.locale')).toBe('.env RESET_LOCALE');
    expect(config.sources.get('server.port')).toContain('reset.config.json');
  });

  it('an empty environment variable counts as unset', async () => {
    write('reset.config.json', { appName: 'file' });
    expect((await load({ env: { RESET_APP_NAME: '' } })).appName).toBe('file');
  });

  it('finds the nearest file upwards; a module, which is code, only where it is named', async () => {
    write('reset.config.json', { appName: 'file' });
    mkdirSync(join(folder, 'a/b'), { recursive: true });
    const module = join(folder, 'a', 'reset.config.mjs');
    writeFileSync(module, 'export default { appName: "module" };');
    const config = await load({ cwd: join(folder, 'a/b') });
    expect(config.appName).toBe('file');
    expect(config.warnings).toEqual([
      `${module} is code, so it is only read when you name it: --config ${module}.`,
    ]);
    expect((await load({ cwd: folder, file: module })).appName).toBe('module');
  });

  it.each([
    ['RESET_PORT', 'server.port'],
    ['MAIL_PORT', 'mail.url'],
  ])('%s as Kubernetes sets it for a service of this name counts as unset', async (name, key) => {
    const env = { MAIL_SERVER: 'mail.test', [name]: 'tcp://10.96.0.12:8025' };
    const config = await load({ env });
    expect(config.server.port).toBe(8025);
    expect(config.mail.url?.reveal()).toBe('smtp://mail.test:25');
    expect(config.sources.get(key)).not.toBe(`environment ${name}`);
  });

  it('opens as many connections to the mail server as Microsoft 365 allows, unless configured otherwise', async () => {
    expect((await load()).mail.connections).toBe(3);
  });

  it('reads what others name the same thing, after our own name', async () => {
    const env = { DATABASE_URL: 'postgres://u:p@127.0.0.1/app', SMTP_URL: 'smtp://127.0.0.1:1025' };
    const config = await load({ env });
    expect(config.database?.reveal()).toBe(env.DATABASE_URL);
    expect(config.mail.url?.reveal()).toBe(env.SMTP_URL);
    const ours = await load({ env: { ...env, RESET_DATABASE: 'sqlite:a.db' } });
    expect(ours.database?.reveal()).toBe('sqlite:a.db');
  });

  it('reads the variables of Flask-Mail', async () => {
    const env = {
      MAIL_SERVER: 'mail.test',
      MAIL_PORT: '587',
      MAIL_USE_TLS: '1',
      MAIL_USERNAME: 'me@x',
      MAIL_PASSWORD: 'p:w',
      MAIL_DEFAULT_SENDER: 'App <app@x.test>',
    };
    const config = await load({ env });
    expect(config.mail.url?.reveal()).toBe('smtp://me%40x:p%3Aw@mail.test:587');
    expect(config.mail.from).toMatchObject({ name: 'App', address: 'app@x.test' });
    const ssl = await load({ env: { MAIL_SERVER: 'mail.test', MAIL_USE_SSL: 'true' } });
    expect(ssl.mail.url?.reveal()).toBe('smtps://mail.test:465');
  });

  it('takes the signing key from the stronger of its two names', async () => {
    const path = join(folder, 'key');
    writeFileSync(path, SECRET.replace('00', 'ff'));
    chmodSync(path, 0o600);
    const config = await load({ env: { RESET_SECRET: SECRET }, flags: { secretFile: path } });
    expect(config.sources.get('secret')).toBe('flag --secret-file');
    expect(
      (await load({ env: { RESET_SECRET: SECRET, RESET_SECRET_FILE: path } })).sources.get('secret'),
    ).toBe('environment RESET_SECRET');
  });
});

describe('what loses is not looked at', () => {
  const keyFile = () => {
    const path = join(folder, 'good.key');
    writeFileSync(path, SECRET, { mode: 0o600 });
    return path;
  };

  it('a broken key in the environment does not matter beside --secret-file', async () => {
    const config = await load({ env: { RESET_SECRET: 'hex:12' }, flags: { secretFile: keyFile() } });
    expect(config.sources.get('secret')).toBe('flag --secret-file');
  });

  it('nor does a key file of the config file that is gone beside RESET_SECRET_FILE', async () => {
    write('reset.config.json', { secret: 'file:gone.key' });
    const config = await load({ env: { RESET_SECRET_FILE: keyFile() } });
    expect(config.sources.get('secret')).toBe('environment RESET_SECRET_FILE');
  });

  it('what a module leaves undefined counts as unset', async () => {
    write(
      'reset.config.mjs',
      'export default { appName: "module", loginUrl: process.env.NO_SUCH_VARIABLE };',
    );
    expect(await load({ file: 'reset.config.mjs' })).toMatchObject({
      appName: 'module',
      loginUrl: undefined,
    });
  });
});

describe('all problems are reported at once', () => {
  it('with key, source and way out', async () => {
    write('reset.config.json', {
      baseUrl: 'http://example.com',
      mial: { url: 'x' },
      password: { minLength: 4 },
    });
    const problems = await problemsOf({
      env: { RESET_TOKEN_EXPIRES_IN: 'soon', RESET_PORT: '99999' },
      needed: ['database'],
    });
    const byKey = Object.fromEntries(problems.map((problem) => [problem.key, problem]));
    expect(Object.keys(byKey).sort()).toEqual([
      'baseUrl',
      'database',
      'mial.url',
      'password.minLength',
      'server.port',
      'token.expiresIn',
    ]);
    expect(byKey['mial.url']?.message).toContain('did you mean "mail.url"');
    expect(byKey['database']?.message).toContain('RESET_DATABASE');
    expect(byKey['token.expiresIn']?.source).toBe('environment RESET_TOKEN_EXPIRES_IN');
  });

  it('under the key of the table, whichever name the value was given by', async () => {
    expect(await problemsOf({ flags: { secretFile: 'nowhere.key' } })).toMatchObject([
      { key: 'secret', source: 'flag --secret-file' },
    ]);
  });

  it('folders and files that are not there', async () => {
    write('reset.config.json', {
      templates: 'nowhere',
      password: { blocklist: 'nofile' },
      brand: { logo: '.' },
    });
    const problems = await problemsOf({});
    expect(problems.map(({ key }) => key).sort()).toEqual(['brand.logo', 'password.blocklist', 'templates']);
    expect(problems.map(({ message }) => message).join('\n')).toMatch(
      /no folder .*nowhere\..*create the folder/,
    );
  });

  it('R17: an empty list of keys, and the same key twice', async () => {
    write('reset.config.json', { secret: [] });
    expect(await problemsOf({ needed: ['secret'] })).toMatchObject([
      { key: 'secret', message: 'must hold a key. Create one with: reset keygen' },
    ]);
    const [twice] = await problemsOf({
      env: { RESET_SECRET: `${SECRET},${SECRET.toUpperCase().replace('HEX', 'hex')}` },
    });
    expect(twice?.message).toContain('the same key twice');
  });

  it('a value where an object of keys should be', async () => {
    write('reset.config.json', { mail: 'smtp://127.0.0.1' });
    expect((await problemsOf({})).map(({ message }) => message)).toEqual([
      'must be an object that contains url, from, replyTo, envelopeFrom, bounces, ehlo, code, locale, rate, connections',
    ]);
  });

  it.each([
    ['that throws', 'throw new Error("no luck");'],
    ['that is no JavaScript', 'export default {{'],
  ])('a module %s is a fault of the set-up, not ours', async (_what, content) => {
    write('reset.config.mjs', content);
    const loading = load({ file: 'reset.config.mjs' });
    await expect(loading).rejects.toMatchObject({ code: 'config_invalid' });
    await expect(loading).rejects.toThrow(/reset\.config\.mjs can't be read: /);
  });

  it('names the place of a syntax error', async () => {
    write('reset.config.json', '{ "appName": }');
    await expect(load()).rejects.toThrow(/reset\.config\.json can't be read/);
  });

  it('R76: never echoes a secret', async () => {
    const env = {
      RESET_SECRET: 'hunter2',
      RESET_DATABASE: 'mongodb://u:hunter2@h/d',
      RESET_MAIL_URL: 'smtp://u:hunter2@@:x',
    };
    const problems = await problemsOf({ env });
    expect(problems.length).toBeGreaterThanOrEqual(3);
    expect(JSON.stringify(problems)).not.toContain('hunter2');
  });
});

describe('R06: the life of a link is seconds, or a duration with its unit', () => {
  it.each([
    ['3600', 3_600_000],
    ['90s', 90_000],
    ['30m', 1_800_000],
    ['24h', 86_400_000],
    ['7d', 604_800_000],
    ['60', 60_000],
  ])('%s', async (value, ms) => {
    expect((await load({ env: { RESET_TOKEN_EXPIRES_IN: value } })).expiresInMs).toBe(ms);
  });

  it.each(['abc', '-1', 'NaN', '8d', '59', '59s', '1.5h', '1e3', '0', '604801', ' ', '1 h'])(
    'refuses %s',
    async (value) => {
      expect((await problemsOf({ env: { RESET_TOKEN_EXPIRES_IN: value } })).map(({ key }) => key)).toEqual([
        'token.expiresIn',
      ]);
    },
  );
});

describe('R55, R56: the base URL', () => {
  it.each([
    'https://example.com',
    'https://example.com/accounts/',
    'http://localhost:8025',
    'http://127.0.0.1',
    'http://[::1]:80',
  ])('takes %s', async (baseUrl) => {
    expect((await load({ env: { RESET_BASE_URL: baseUrl } })).baseUrl).toBe(
      new URL(baseUrl).href.replace(/\/+$/, ''),
    );
  });

  it.each([
    'http://example.com',
    'http://localhost.example.com',
    'ftp://example.com',
    'javascript:alert(1)',
    'https://user:pw@example.com',
    'https://a.test:@evil.test',
    'https://example.com/?next=x',
    'https://example.com/#x',
    'example.com',
    '//example.com',
  ])('refuses %s', async (baseUrl) => {
    expect((await problemsOf({ env: { RESET_BASE_URL: baseUrl } })).map(({ key }) => key)).toEqual([
      'baseUrl',
    ]);
  });
});

it('R50: refuses to believe every proxy', async () => {
  for (const trustProxy of [true, 'true', ['0.0.0.0/0'], ['::/0'], ['everybody'], ['10.0.0.0/40']]) {
    write('reset.config.json', { server: { trustProxy } });
    expect((await problemsOf({})).map(({ key }) => key)).toEqual(['server.trustProxy']);
  }
  write('reset.config.json', { server: { trustProxy: ['10.0.0.0/8', '::1'] } });
  expect((await load()).server.trustProxy).toEqual(['10.0.0.0/8', '::1']);
});

it('R66: refuses line breaks in what becomes a header', async () => {
  const flags = { appName: 'x\r\nBcc: a@b.test', 'mail.from': 'App\r\nBcc: evil@x.test <a@b.test>' };
  expect((await problemsOf({ flags })).map(({ key }) => key).sort()).toEqual(['appName', 'mail.from']);
});

it('R86: a polluted prototype has no effect, and __proto__ is not a key', async () => {
  write(
    'reset.config.json',
    '{ "__proto__": { "polluted": true }, "mail": { "__proto__": { "url": "x" } }, "constructor": 1 }',
  );
  const problems = await problemsOf({});
  expect(problems.map(({ key }) => key).sort()).toEqual([
    '__proto__.polluted',
    'constructor',
    'mail.__proto__.url',
  ]);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

it('R12: warns of a signing key that an application uses too', async () => {
  const env = { RESET_SECRET: SECRET, JWT_SECRET: SECRET.slice(4) };
  const { warnings } = await load({ env });
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain('JWT_SECRET');
  expect((await load({ env: { RESET_SECRET: SECRET, JWT_SECRET: 'another' } })).warnings).toEqual([]);
});

it('the configuration is frozen, and prints no secret', async () => {
  const config = await load({
    env: { RESET_SECRET: SECRET, RESET_DATABASE: 'postgres://u:hunter2@127.0.0.1/app' },
  });
  expect(Object.isFrozen(config) && Object.isFrozen(config.mail)).toBe(true);
  expect(JSON.stringify(config)).not.toMatch(/hunter2|00112233/);
});

describe('files from Windows are read as they were meant', () => {
  const line = 'RESET_APP_NAME=Büro\nRESET_TIME_ZONE=Asia/Seoul\n';
  it.each([
    ['UTF-8', Buffer.from(line)],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${line}`)],
    ['UTF-16, little end first, with a mark', Buffer.from(`\uFEFF${line}`, 'utf16le')],
    ['UTF-16, big end first, with a mark', Buffer.from(`\uFEFF${line}`, 'utf16le').swap16()],
    ['UTF-16 without a mark', Buffer.from(line, 'utf16le')],
    ['line ends of Windows', Buffer.from(line.replaceAll('\n', '\r\n'))],
  ])('.env in %s', async (_name, bytes) => {
    writeFileSync(join(folder, '.env'), bytes);
    expect(await load()).toMatchObject({ appName: 'Büro', timeZone: 'Asia/Seoul' });
  });

  it('reset.config.json in UTF-16', async () => {
    writeFileSync(join(folder, 'reset.config.json'), Buffer.from('\uFEFF{"appName":"Büro"}', 'utf16le'));
    expect((await load()).appName).toBe('Büro');
  });
});

it('a .env that is not a file is named where a key is missing, and only there', async () => {
  mkdirSync(join(folder, '.env'));
  expect((await load()).warnings).toEqual([]);
  await expect(load({ needed: ['baseUrl'] })).rejects.toThrow(
    `${join(folder, '.env')} (not read): is a folder`,
  );
});
