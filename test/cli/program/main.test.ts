import { createHmac } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import jwt from 'jsonwebtoken';
import { describe, expect, it } from 'vitest';
import { createReset } from '../../../src/create-reset.ts';
import type { ErrorCode } from '../../../src/errors.ts';
import { ERRORS } from '../../../src/errors.ts';
import {
  bin,
  cleanEnvironment,
  plain,
  goodPassword,
  makeSetup,
  type Ran,
  runReset,
  type Setup,
  susan,
} from '../../helpers/run-reset.ts';

/** The right code in text and JSON, advice in the message, no stack, and nothing on stdout. */
function expectRefusal(ran: Ran, code: ErrorCode, wayOut: RegExp): void {
  expect({ code: ran.code, stderr: ran.stderr }).toMatchObject({ code: ERRORS[code].exit });
  expect(ran.stdout).toBe('');
  expect(ran.stderr).toContain(`(${code})`);
  expect(ran.stderr).toMatch(wayOut);
  expect(ran.stderr).not.toMatch(/\n\s+at |node:internal|\/src\/|\/dist\//);
}

/** A refusal that leaves users, tokens and outbox as they were. */
async function expectNoEffect(
  setup: Setup,
  run: () => Promise<Ran>,
  code: ErrorCode,
  wayOut: RegExp,
): Promise<void> {
  const before = await setup.dump();
  expectRefusal(await run(), code, wayOut);
  expect(await setup.dump()).toBe(before);
}

const key = (setup: Setup) => Buffer.from(String(setup.config['secret']).split(':')[1] ?? '', 'base64url');

/** A link that was made at another time. */
async function issueAt(setup: Setup, now: number): Promise<string> {
  const { database, baseUrl, secret } = setup.config;
  const reset = await createReset({ database, baseUrl, secret }, { clock: { now: () => now } });
  const { token } = await reset.link({ email: susan.email });
  await reset.close();
  return token;
}

describe('wrong usage', () => {
  it.each([
    ['an unknown command', ['sned', susan.email], /'sned' \(did you mean send\?\)\. See: reset --help/],
    ['an unknown option', ['send', '--fast'], /Unknown option '--fast'[^\n]*\. See: reset send --help/],
    ['nobody named', ['send'], /by e-mail address, or by --id, or by --username/],
    ['a user named twice', ['link', susan.email, '--id', '1'], /Name one user/],
    ['two sources of a token', ['verify', 'x.y.z', '--token-file', 'f'], /not both/],
    ['token and password from one stdin', ['apply', '-', '--password-stdin'], /--token-file/],
    ['two sources of a password', ['apply', 'x', '--generate', '--password-stdin'], /not both/],
    ['a token file that is not there', ['verify', '--token-file', '/nowhere/t'], /can't be read/],
    ['a migration that is none', ['migrate', 'down'], /Use up or status/],
    ['everybody and somebody', ['revoke', susan.email, '--all'], /not both/],
    ['an address that is none', ['user', 'add', 'a,b@example.com'], /not an e-mail address/],
    ['an address that is taken', ['user', 'add', 'SUSAN@example.com'], /reset user list/],
  ])('refuses %s', async (_what, args, wayOut) => {
    const setup = await makeSetup();
    await expectNoEffect(setup, () => setup.run(args), 'usage_invalid', wayOut);
  });

  it('refuses to ask for a password without a terminal', async () => {
    const setup = await makeSetup();
    const token = await setup.issue();
    await expectNoEffect(
      setup,
      () => setup.run(['apply', token]),
      'usage_invalid',
      /--password-stdin or --generate/,
    );
  });
});

describe('an output that nobody takes', () => {
  const shell = (script: string, ...args: readonly string[]) =>
    execa('bash', ['-c', script, process.execPath, bin, ...args], {
      ...plain,
      cwd: tmpdir(),
      stdin: 'ignore',
      env: cleanEnvironment(),
    });

  it('leaves the exit code as it is when the reader is gone', async () => {
    const script = '"$0" "$@" 2>&1 >/dev/null | true; exit ${PIPESTATUS[0]}';
    expect(await shell(script, 'status')).toMatchObject({ exitCode: ERRORS.config_invalid.exit });
    expect(await shell(script, 'sned')).toMatchObject({ exitCode: ERRORS.usage_invalid.exit });
  });

  it.runIf(existsSync('/dev/full'))('is reported in one line when the disk is full', async () => {
    for (const args of [['--version'], ['keygen', '--json']]) {
      const { exitCode, stderr } = await shell('"$0" "$@" > /dev/full', ...args);
      expect({ exitCode, stderr }).toEqual({
        exitCode: 1,
        stderr: "✗ The output can't be written: ENOSPC: no space left on device, write\n",
      });
    }
  });
});

describe('a wrong set-up', () => {
  it('names all problems at once, each with key, source and remedy', async () => {
    const { stderr, error } = await runReset(['send', susan.email, '--json'], {
      env: {
        RESET_BASE_URL: 'ftp://x',
        RESET_SECRET: 'hex:00',
        RESET_MAIL_FROM: 'nobody',
        RESET_DATABASE: '',
      },
    });
    expect(stderr.trim().split('\n')).toHaveLength(1);
    const { problems } = error().details as { problems: { key: string; source: string; message: string }[] };
    const sources = Object.fromEntries(problems.map(({ key: name, source }) => [name, source]));
    expect(sources).toEqual({
      baseUrl: 'environment RESET_BASE_URL',
      secret: 'environment RESET_SECRET',
      'mail.from': 'environment RESET_MAIL_FROM',
      database: 'nowhere',
      'mail.url': 'nowhere',
    });
    expect(problems.find(({ key: name }) => name === 'database')?.message).toContain('Set RESET_DATABASE');
  });

  it('names a wrong flag by the name that was typed', async () => {
    const setup = await makeSetup();
    const wrong = ['send', susan.email, '--expires-in', '30s'];
    const { stderr } = await setup.run(wrong);
    expect(stderr).toBe('✗ --expires-in must be from 1 minute to 7 days (config_invalid)\n');
    const { details } = (await setup.run([...wrong, '--json'])).error();
    expect(details).toMatchObject({ problems: [{ key: 'token.expiresIn', source: 'flag --expires-in' }] });
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['no base URL', { baseUrl: undefined }, /Set RESET_BASE_URL, or give --base-url/],
    ['an http: base URL off loopback', { baseUrl: 'http://example.com' }, /must begin with https:/],
    ['a base URL with a query', { baseUrl: 'https://example.com/?a=1' }, /must not have a query/],
    ['no key', { secret: undefined }, /Set RESET_SECRET/],
    ['a short key', { secret: 'hex:00112233445566778899aabbccddeeff' }, /16 bytes.*reset keygen/],
    [
      'a key that people wrote',
      { secret: `hex:${Buffer.from('correct horse battery staple and more').toString('hex')}` },
      /readable text/,
    ],
    ['a key without an encoding', { secret: 'c'.repeat(64) }, /hex:…, base64url:… or file:PATH/],
    ['an unknown key', { baseURL: 'https://x.example' }, /did you mean "baseUrl"/],
    ['a duration in words', { 'token.expiresIn': 'soon' }, /90s, 30m, 24h/],
    ['a duration that is too long', { 'token.expiresIn': '8d' }, /1 minute to 7 days/],
    ['a sender with a line break', { 'mail.from': 'a@example.com\nBcc: x@example.com' }, /mail\.from/],
    ['a mail URL of another kind', { 'mail.url': 'http://mail' }, /smtp:\/\/.+ file:DIR/],
    ['a preset that is none', { 'users.preset': 'djanog' }, /django/],
    ['a column that is not there', { 'users.password': 'passwd' }, /passwd/],
  ])('refuses %s', async (_what, changes, wayOut) => {
    const setup = await makeSetup();
    await setup.configure(changes);
    await expectNoEffect(setup, () => setup.run(['send', susan.email]), 'config_invalid', wayOut);
  });

  it('refuses a broken template before anything is queued', async () => {
    const setup = await makeSetup();
    const templates = join(setup.folder, 'templates');
    await mkdir(join(templates, 'mail', 'reset'), { recursive: true });
    await writeFile(join(templates, 'mail', 'reset', 'text.ejs'), 'Dear <%= nobody.name %>');
    await setup.configure({ templates });
    await expectNoEffect(setup, () => setup.run(['send', susan.email]), 'config_invalid', /text\.ejs/);
    await writeFile(join(templates, 'mail', 'reset', 'text.ejs'), 'There is no address in here.\n');
    await expectNoEffect(setup, () => setup.run(['send', susan.email]), 'config_invalid', /link/);
  });

  it('says which command makes the tables when they are missing', async () => {
    const setup = await makeSetup();
    const db = await setup.open();
    await db.schema.dropTable('reset_migrations');
    expectRefusal(await setup.run(['verify', 'a.b.c']), 'migration_needed', /reset migrate/);
  });
});

describe('a user who gets no link', () => {
  it('is unknown', async () => {
    const setup = await makeSetup();
    for (const args of [
      ['link', 'nobody@example.com'],
      ['send', '--id', '99'],
      ['send', '--username', 'nobody'],
    ]) {
      await expectNoEffect(setup, () => setup.run(args), 'user_not_found', /reset user find/);
    }
  });

  it('shares an address with another', async () => {
    const setup = await makeSetup();
    const db = await setup.open();
    await db('users').insert({ email: 'SUSAN@example.com', username: 'susan2' });
    await expectNoEffect(setup, () => setup.run(['send', 'Susan@Example.com']), 'user_ambiguous', /--id/);
  });

  it('is not active', async () => {
    const setup = await makeSetup();
    const db = await setup.open();
    await db.raw('alter table users add column enabled integer not null default 0');
    await setup.configure({ 'users.active': { enabled: 1 } });
    await expectNoEffect(
      setup,
      () => setup.run(['send', susan.email]),
      'user_inactive',
      /Activate the account there/,
    );
  });

  it('had one a moment ago', async () => {
    const setup = await makeSetup();
    await setup.run(['send', susan.email]);
    await expectNoEffect(setup, () => setup.run(['send', susan.email]), 'throttled', /--force/);
    expect(await setup.run(['send', susan.email, '--force'])).toMatchObject({ code: 0 });
  });
});

describe('a token that is refused', () => {
  it.each<[string, (token: string, setup: Setup) => string]>([
    ['blank', () => ' '],
    ['truncated', (token) => token.slice(0, -5)],
    ['changed', (token) => token.replace('.', '.e')],
    [
      'of another key',
      (token) =>
        jwt.sign(jwt.decode(token) as object, Buffer.alloc(32, 'another key'), {
          header: { alg: 'HS256', typ: 'pwreset+jwt', kid: 'other' },
        }),
    ],
    [
      'of another purpose under the same key',
      (_token, setup) => jwt.sign({ sub: '1' }, key(setup), { expiresIn: 60 }),
    ],
    [
      'without a signature',
      (token) => {
        const none = Buffer.from('{"alg":"none","typ":"pwreset+jwt"}').toString('base64url');
        return `${none}.${token.split('.')[1] ?? ''}.`;
      },
    ],
    [
      'unknown here, though well signed',
      (token, setup) => {
        const [header = '', payload = ''] = token.split('.');
        const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
        const body = `${header}.${Buffer.from(JSON.stringify({ ...claims, jti: 'A'.repeat(22) })).toString('base64url')}`;
        return `${body}.${createHmac('sha256', key(setup)).update(body).digest('base64url')}`;
      },
    ],
  ])('is %s: token_invalid', async (_what, make) => {
    const setup = await makeSetup();
    const bad = make(await setup.issue(), setup);
    await expectNoEffect(
      setup,
      () => setup.run(['verify', '-'], { input: bad }),
      'token_invalid',
      /link|token/,
    );
    await expectNoEffect(setup, () => setup.apply(bad), 'token_invalid', /link|token/);
  });

  it('is too old: token_expired', async () => {
    const setup = await makeSetup();
    const token = await issueAt(setup, Date.now() - 2 * 3_600_000);
    await expectNoEffect(setup, () => setup.run(['verify', token]), 'token_expired', /new/);
    await expectNoEffect(setup, () => setup.apply(token), 'token_expired', /new/);
  });

  it('was used: token_used', async () => {
    const setup = await makeSetup();
    const token = await setup.issue();
    await setup.apply(token);
    await expectNoEffect(setup, () => setup.run(['verify', token]), 'token_used', /Send a new one/);
    await expectNoEffect(setup, () => setup.apply(token), 'token_used', /Send a new one/);
  });

  it.each<[string, (setup: Setup) => Promise<unknown>]>([
    ['an operator revoked it', (setup) => setup.run(['revoke', susan.email])],
    ['a sibling was used', async (setup) => setup.apply(await setup.issue())],
    [
      'three newer ones came',
      async (setup) => {
        for (let n = 0; n < 3; n += 1) await setup.issue();
      },
    ],
    [
      'the e-mail changed',
      async (setup) => (await setup.open())('users').update({ email: 'sue@example.com' }),
    ],
    [
      'the password changed',
      async (setup) => (await setup.open())('users').update({ password_hash: 'other' }),
    ],
  ])('is dead because %s: token_revoked', async (_why, kill) => {
    const setup = await makeSetup();
    const token = await setup.issue();
    await kill(setup);
    await expectNoEffect(setup, () => setup.run(['verify', token]), 'token_revoked', /Send a new one/);
    await expectNoEffect(setup, () => setup.apply(token), 'token_revoked', /Send a new one/);
  });
});

describe('a password that is refused', () => {
  it.each([
    ['is short', 'fourteen chars', /15/],
    ['is long for bcrypt, in bytes', '🍎'.repeat(19), /76 bytes; at most 72/],
    ['is a megabyte', 'x'.repeat(1_000_000), /bytes|long/],
    ['holds a NUL', `${goodPassword}\0`, /NUL|can't be used/],
    ['is empty', '', /15/],
    ['is the address', susan.email, /e-mail|name/],
  ])('%s: the token stays good', async (_what, password, why) => {
    const setup = await makeSetup();
    const token = await setup.issue();
    await expectNoEffect(setup, () => setup.apply(token, password), 'password_rejected', why);
    expect(await setup.run(['verify', token])).toMatchObject({ code: 0 });
  });

  it('names every violation in details', async () => {
    const { issue, apply } = await makeSetup();
    const { error } = await apply(await issue(), 'short\0', '--json');
    const { violations } = error().details as { violations: { code: string; message: string }[] };
    expect(violations.length).toBeGreaterThanOrEqual(2);
    for (const violation of violations)
      expect(violation).toEqual(
        expect.objectContaining({ code: expect.any(String), message: expect.any(String) }),
      );
  });
});

describe('a database that cannot be used', () => {
  it('is not there', async () => {
    const setup = await makeSetup();
    await setup.configure({ database: `sqlite:${setup.folder}/typo.db` });
    expectRefusal(await setup.run(['send', susan.email]), 'database_unavailable', /typo\.db.*reset migrate/);
  });

  it('is locked by another program', async () => {
    const setup = await makeSetup();
    const token = await setup.issue();
    const before = await setup.dump();
    const db = await setup.open();
    await db.raw('begin exclusive');
    const [sent, applied] = await Promise.all([setup.run(['send', susan.email]), setup.apply(token)]);
    await db.raw('rollback');
    expectRefusal(sent, 'database_unavailable', /locked.*Try again/);
    expectRefusal(applied, 'database_unavailable', /locked.*Try again/);
    expect(await setup.dump()).toBe(before);
  });

  it('is read-only', async () => {
    const setup = await makeSetup();
    const db = await setup.open();
    await db.raw('pragma journal_mode = delete');
    await db.destroy();
    await chmod(join(setup.folder, 'app.db'), 0o444);
    await chmod(join(setup.folder, 'reset.config.json'), 0o444);
    await chmod(setup.folder, 0o555);
    const nobody = process.getuid?.() === 0 ? { uid: 65_534 } : {}; // file modes do not stop root
    const ran = await setup.spawn(['send', susan.email], nobody);
    await chmod(setup.folder, 0o755);
    expectRefusal(ran, 'database_unavailable', /read-only/);
  });

  it('is no database', async () => {
    const setup = await makeSetup();
    await writeFile(
      join(setup.folder, 'text.db'),
      'This is a text, and a long one, but no database. '.repeat(50),
    );
    await setup.configure({ database: `sqlite:${setup.folder}/text.db` });
    expectRefusal(await setup.run(['send', susan.email]), 'database_unavailable', /damaged|not an SQLite/);
  });

  it.each(['postgres', 'mysql'])(
    'is a %s server that is away, whose password is not shown (R76)',
    async (dialect) => {
      const setup = await makeSetup();
      await setup.configure({ database: `${dialect}://someone:canary-password@127.0.0.1:1/app` });
      const ran = await setup.run(['send', susan.email, '--verbose']);
      expect(ran.code).toBe(11);
      expect(ran.stderr).toContain('The database cannot be reached');
      expect(ran.stderr).not.toContain('canary-password');
    },
  );
});
