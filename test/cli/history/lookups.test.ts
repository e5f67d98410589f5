import { describe, expect, it } from 'vitest';
import { presets as registry } from '../../../src/users/presets/index.ts';
import { makeSetup, runReset, succeed, susan } from '../../helpers/run-reset.ts';

describe('reset status', () => {
  it('shows a user, the live link, the cool-down and the time line', async () => {
    const { run } = await makeSetup();
    await succeed(run(['send', susan.email, '--ticket', 'SUP-4711']));
    const { code, stdout, stderr } = await run(['status', susan.email]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('susan@example.com (user 1), active: can be reset\n  live link until ');
    expect(stdout).toMatch(/next mail: can be sent in \d+ s, or now with --force/);
    expect(stdout).toMatch(/asked for a reset; by .+; ticket SUP-4711; request \w{8}\n/);
    expect(stdout).toContain('mail accepted; file: ');
    expect(stdout).not.toContain('eyJ');
  });

  it('prints one object with --json', async () => {
    const { run } = await makeSetup();
    const { rows } = await run(['status', '--username', 'susan', '--json']);
    expect(rows()).toEqual([
      expect.objectContaining({ userId: '1', facts: [], liveLinks: [], cooldown: { operator: 0, web: 0 } }),
    ]);
  });

  it('lists the failed mails of everybody, and says so when there is nothing', async () => {
    const { run, configure, folder } = await makeSetup();
    expect(await run(['status'])).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'Nothing is waiting, and nothing failed.\n',
    });
    await configure({ 'mail.url': `file:${folder}/app.db/no-folder` });
    await run(['send', susan.email]);
    const { stdout } = await run(['status']);
    expect(stdout).toMatch(/^[!✗] (queued|failed) reset of user 1, since .*\d\d:\d\d, \d attempts?/);
  });

  it('names a user who does not exist, and a time that cannot be read', async () => {
    const { run } = await makeSetup();
    expect(await run(['status', 'nobody@example.com'])).toMatchObject({ code: 4 });
    expect(await run(['status', '--since', 'yesterday'])).toMatchObject({ code: 2 });
  });
});

describe('reset resend', () => {
  it('mails the same link, and says what comes next', async () => {
    const { run } = await makeSetup();
    await succeed(run(['send', susan.email]));
    expect(await run(['resend', susan.email])).toMatchObject({ code: 9 });
    const { code, stdout, stderr } = await run(['resend', susan.email, '--force', '--ticket', 'SUP-1']);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^✓ Sent the same link to susan@example\.com again\. It works until .*\d\d:\d\d \(in 1 hour\)\.\n/,
    );
    expect(stderr).toBe('What happens next: reset status --id 1\n');
  });

  it('refuses where no link is live, with the command that sends one', async () => {
    const { run } = await makeSetup();
    const { code, stderr } = await run(['resend', susan.email]);
    expect(code).toBe(5);
    expect(stderr).toContain('has no live link: none was ever sent. Send a new one: reset send --id 1');
  });
});

describe('reset audit', () => {
  it('prints rows as text, CSV, JSON and NDJSON', async () => {
    const { run } = await makeSetup();
    await succeed(run(['link', susan.email, '--ticket', '=HYPERLINK("x"),"y"']));
    const text = await run(['audit', '--user', susan.email]);
    expect(text.stdout).toMatch(/\d\d:\d\d:\d\d {2}link printed; by .+; user 1\n$/);
    const csv = await run(['audit', '--since', '1h', '--format', 'csv']);
    expect(csv.stdout.split('\n')[0]).toBe(
      'at,event,result,userId,requestId,batchId,actorKind,actor,ticket,details',
    );
    expect(csv.stdout).toContain(`"'=HYPERLINK(""x""),""y"""`);
    const all = JSON.parse((await run(['audit', '--format', 'json'])).stdout) as unknown[];
    const ndjson = await run(['audit', '--format', 'ndjson']);
    expect(ndjson.rows()).toEqual(all);
    expect((await run(['audit', '--json'])).stdout).toBe(ndjson.stdout);
    expect(JSON.parse((await run(['audit', '--since', '2999-01-01', '--format', 'json'])).stdout)).toEqual(
      [],
    );
  });
});

describe('reset hashes', () => {
  it('counts formats and parameters, what is below par, unknown and without a password', async () => {
    const { run, open } = await makeSetup();
    const db = await open();
    const weak = '$2b$04$F6vQXz2kPX0aoOrwYFPwUu1e0UPHbZC2bPZ1nfhMbNmGZ0xDFE6rK';
    const users = [weak, weak, 'what is this?', null].map((password_hash, index) => ({
      email: `user${index}@example.com`,
      password_hash,
    }));
    await db('users').insert(users);
    const { stdout, stderr } = await run(['hashes']);
    expect(stdout).toContain("! 2  bcrypt  prefix=2b  cost=4  (below today's parameters)");
    expect(stdout).toContain('1  unknown format');
    expect(stdout).toContain('1  no password yet');
    expect(stderr).toContain("5 users; 2 below today's parameters.");
    const { rows } = await run(['hashes', '--json']);
    expect(rows().reduce((sum, { count }) => sum + Number(count), 0)).toBe(5);
  });
});

describe('reset presets', () => {
  it('lists every preset by its name', async () => {
    const { rows } = await runReset(['presets', '--json']);
    expect(
      rows()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(registry.map(({ name }) => name).sort());
  });

  it.each(registry.map(({ name }) => name))('explains %s with the SQL that a reset runs', async (name) => {
    const { explainPreset } = await import('../../../src/flows/setup/explain-preset.ts');
    const { sql, table, evidence } = explainPreset(name);
    expect(sql[0]).toMatch(/^update .+ set .*<new hash>.* where .+/);
    expect([table, evidence].every((text) => text.length > 0)).toBe(true);
  });

  it('explains one in words', async () => {
    const { stdout } = await runReset(['presets', 'wordpress']);
    expect(stdout).toContain('update wp_users set user_pass = <new hash> where ID = <id>');
    expect(stdout).toContain('not covered\n');
  });

  it('knows the nearest name', async () => {
    const { code, stderr } = await runReset(['presets', 'wordpres']);
    expect(code).toBe(3);
    expect(stderr).toContain('Did you mean wordpress?');
  });

  it.each([
    ['no table has users', 'create table notes (id integer primary key, text text)'],
    ['the table could be anybody’s', 'create table user (id integer primary key, email text, password text)'],
  ])('ends with 3 where %s', async (_title, sql) => {
    const { run, open } = await makeSetup();
    const db = await open();
    await db.schema.dropTable('users');
    await db.raw(sql);
    const { code, error } = await run(['presets', '--detect', '--json']);
    expect([code, error().code]).toEqual([3, 'config_invalid']);
  });

  it('recognises the application of the configured database, and says by what', async () => {
    const { run } = await makeSetup();
    const { stdout, stderr } = await run(['presets', '--detect']);
    expect(stdout).toMatch(/^✓ default: /);
    expect(stdout).toContain('table users with ');
    expect(stderr).toContain('Use it with: --preset default');
  });
});
