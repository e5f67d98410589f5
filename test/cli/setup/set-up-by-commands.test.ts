import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder, makeSetup, runReset, succeed, susan } from '../../helpers/run-reset.ts';

describe('reset migrate, user and keygen', () => {
  it('make a database from nothing', async () => {
    const folder = await makeFolder();
    const env = { RESET_DATABASE: `sqlite:${join(folder, 'new.db')}` };
    expect(await runReset(['migrate', 'status'], { env })).toMatchObject({ code: 0 });
    const { stdout } = await succeed(runReset(['migrate'], { env }));
    expect(stdout).toContain('0001_outbox.js');
    expect(stdout).toMatch(/in the file \S+new.db\.\n  Created the table users there\./);
    expect((await runReset(['migrate', '--json'], { env })).rows()).toEqual([
      { applied: [], usersTable: 'present', place: `the file ${join(folder, 'new.db')}` },
    ]);
    const added = await runReset(['user', 'add', 'a@example.com', '--locale', 'ko', '--json'], { env });
    expect(added.rows()).toEqual([{ userId: '1', email: 'a@example.com' }]);
    expect((await runReset(['user', 'list', '--json'], { env })).rows()).toEqual([
      { userId: '1', email: 'a@example.com', name: null, locale: 'ko', hasPassword: false, isActive: true },
    ]);
    expect((await runReset(['user', 'list'], { env })).stdout).toBe('1\ta@example.com\tko\tno password\n');
  });

  it('print a key that is good for signing', async () => {
    const { stdout } = await succeed(runReset(['keygen']));
    expect(stdout).toMatch(/^base64url:[\w-]{43}\n$/);
    const { run } = await makeSetup({ secret: stdout.trim() });
    expect(await run(['link', susan.email])).toMatchObject({ code: 0 });
  });

  it('write a key into a new file of mode 0600, and never over another', async () => {
    const folder = await makeFolder();
    const out = join(folder, 'reset.key');
    await succeed(runReset(['keygen', '--out', out]));
    expect(statSync(out).mode & 0o777).toBe(0o600);
    const before = readFileSync(out, 'utf8');
    expect(await runReset(['keygen', '--out', out])).toMatchObject({ code: 2 });
    expect(readFileSync(out, 'utf8')).toBe(before);
    const { run } = await makeSetup({ secret: undefined });
    await succeed(run(['link', susan.email, '--secret-file', out]));
  });
});

describe('reset doctor --user', () => {
  it('says whether the stored hash accepts a password: exit 0 or 8', async () => {
    const { run } = await makeSetup();
    const args = ['doctor', '--user', susan.email, '--password-stdin', '--json'];
    expect((await run(args, { input: `${susan.password}\n` })).rows()).toEqual([
      { accepted: true, userId: '1', email: susan.email, hashFormat: 'bcrypt' },
    ]);
    const { code, stdout, error } = await run(args, { input: 'another password\n' });
    expect({ code, stdout, error: error().code }).toEqual({
      code: 8,
      stdout: '',
      error: 'password_rejected',
    });
  });
});
