import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { makeFolder, makeSetup, runReset, succeed, susan } from '../../helpers/run-reset.ts';

it('goes through the whole set-up, a line a check, and changes nothing', async () => {
  const { run, dump } = await makeSetup();
  const before = await dump();
  const { code, stdout, stderr } = await run(['doctor']);
  expect(code).toBe(0);
  for (const check of [
    'configuration',
    'signing key',
    'base URL',
    'templates',
    'mail server',
    'database',
    'clock',
    'tables',
    'users table',
    'passwords',
    'outbox',
  ])
    expect(stdout).toContain(`✓ ${check}: `);
  expect(stderr).toMatch(/^All \d+ checks passed\.\n$/);
  expect(stdout).toMatch(
    /configuration: database, baseUrl, secret, mail\.url, mail\.from \(file \/\S+reset\.config\.json\)/,
  );
  expect(await dump()).toBe(before);
});

it('exits with 3 when something fails, with the way out under it, and one object a check with --json', async () => {
  const { run, configure } = await makeSetup();
  await configure({ 'users.email': 'e_mail', 'mail.url': 'smtp://127.0.0.1:9' });
  const { code, stdout, stderr } = await run(['doctor']);
  expect(code).toBe(3);
  expect(stderr).toMatch(/^\d+ checks: 2 problems(, \d+ warnings?)?\.\n$/);
  expect(stdout).toContain(
    '✗ users table: users.email: the table users has no column e_mail; did you mean email?\n    → reset presets --detect',
  );
  const { rows, code: again } = await run(['doctor', '--json']);
  expect(again).toBe(3);
  expect(rows().find(({ check }) => check === 'mail server')).toMatchObject({
    code: 'mail_server_unusable',
    status: 'failure',
    remedy: expect.any(String),
    fixable: false,
  });
});

it('fixes what is safe to fix with --fix, and says what', async () => {
  const { run, configure, folder, open } = await makeSetup();
  const file = join(folder, 'reset.key');
  await writeFile(file, `hex:${randomBytes(32).toString('hex')}`);
  await chmod(file, 0o644);
  await configure({ secret: `file:${file}` });
  const db = await open();
  await db.schema.dropTable('reset_smoke');
  await db('reset_migrations').where({ name: '0006_smoke.js' }).delete();
  expect(await run(['doctor'])).toMatchObject({ code: 3 });
  const { code, stderr } = await run(['doctor', '--fix']);
  expect(code).toBe(0);
  expect(stderr).toContain(`fixed configuration: only its owner can read ${file} now (chmod 600)\n`);
  expect(stderr).toContain('fixed tables: applied 0006_smoke.js\n');
});

it('names everything that is missing when there is no configuration at all, and creates no file', async () => {
  const folder = await makeFolder();
  const { code, stdout } = await runReset(['doctor', '--database', 'sqlite:app.db'], { cwd: folder });
  expect(code).toBe(3);
  for (const key of ['baseUrl', 'secret', 'mail.url', 'mail.from'])
    expect(stdout).toContain(`${key} (nowhere): is not set`);
  expect(stdout).toContain('There is no database file');
});

it('says whether one known password is accepted: 0 or 8', async () => {
  const { run } = await makeSetup();
  const check = ['doctor', '--user', susan.email, '--password-stdin'];
  await succeed(run(check, { input: susan.password }));
  expect(await run(check, { input: 'another password' })).toMatchObject({ code: 8 });
});

it('does not say that no mail is waiting while a paused batch holds some', async () => {
  const { run } = await makeSetup();
  for (const name of ['ann', 'bob']) await succeed(run(['user', 'add', `${name}@example.com`]));
  await succeed(run(['send', '--all', '--canary', '1', '--yes']));
  const { stdout } = await succeed(run(['doctor']));
  expect(stdout).toMatch(
    /outbox: no mail is waiting, except for paused batches\n.*outbox: the paused batch (\w+) holds 2 more mails\n {4}→ reset batch resume \1/,
  );
});
