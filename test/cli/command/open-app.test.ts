import { describe, expect, it } from 'vitest';
import { makeFolder, makeSetup, runReset, susan } from '../../helpers/run-reset.ts';

const FIRST = 'There is no reset.config.json here or above. Make one: reset init';

describe('in a folder where nothing is configured', () => {
  it.each([
    [['send', susan.email]],
    [['link', susan.email]],
    [['status']],
    [['migrate']],
    [['hashes']],
    [['serve']],
    [['worker', '--once']],
    [['smoke']],
    [['batch', 'list']],
    [['user', 'list']],
    [['doctor']],
  ])('reset %j says first how to begin', async (args) => {
    const { code, stderr } = await runReset(args, { cwd: await makeFolder() });
    expect(code).toBe(3);
    expect(stderr.split('\n')[0]).toContain(FIRST);
    expect(stderr).not.toContain('is not set');
  });

  it('lists what is missing with --verbose, and in the details of --json', async () => {
    const cwd = await makeFolder();
    const { stderr } = await runReset(['hashes', '--verbose'], { cwd });
    expect(stderr).toContain('database is not set. Set RESET_DATABASE, or give --database');
    const { error } = await runReset(['hashes', '--json'], { cwd });
    expect(error().details).toMatchObject({ problems: [{ code: 'missing', key: 'database' }] });
  });

  it('says what is missing once there is a database', async () => {
    const env = { RESET_DATABASE: 'sqlite:app.db' };
    const { stderr } = await runReset(['link', susan.email], { cwd: await makeFolder(), env });
    expect(stderr).toContain('baseUrl is not set.');
    expect(stderr).not.toContain(FIRST);
  });
});

describe('a signing key that the application has too', () => {
  const key = 'f1d2'.repeat(4) + '0123456789abcdef'.repeat(3);
  const WARNING = '! The signing key is also in SECRET_KEY.';

  it.each([[['smoke']], [['link', susan.email]]])('reset %j warns of it', async (args) => {
    const { run } = await makeSetup({ secret: `hex:${key}` });
    expect((await run(args, { env: { SECRET_KEY: key } })).stderr).toContain(WARNING);
  });

  it('reset init warns of it, once', async () => {
    const env = { RESET_SECRET: `hex:${key}`, SECRET_KEY: key };
    const flags = [
      '--database',
      'sqlite:app.db',
      '--base-url',
      'https://example.com',
      '--mail-url',
      'file:mailbox',
    ];
    const args = ['init', '--yes', '--no-input', ...flags, '--mail-from', 'noreply@example.com'];
    const { code, stderr } = await runReset(args, { cwd: await makeFolder(), env });
    expect({ code, warnings: stderr.split(WARNING).length - 1 }).toEqual({ code: 0, warnings: 1 });
  });
});
