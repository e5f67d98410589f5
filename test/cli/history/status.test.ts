import { describe, expect, it, onTestFinished } from 'vitest';
import { startMailbox, type Mailbox, type MailboxOptions } from '../../helpers/mailbox.ts';
import { makeSetup, succeed, susan, type Setup } from '../../helpers/run-reset.ts';

const TIME = String.raw`(?:\d{4}-\d\d-\d\d )?\d\d:\d\d`;

async function withServer(options: MailboxOptions = {}): Promise<Setup & { readonly mailbox: string }> {
  const server: Mailbox = await startMailbox(options);
  onTestFinished(() => server.close());
  return makeSetup({ 'mail.url': server.url });
}

/** The summary below the history. */
const summaryOf = (stdout: string): string => stdout.slice(stdout.lastIndexOf('susan@example.com (user 1)'));

describe('the summary of reset status', () => {
  it('comes last, and says that the mail server has the mail', async () => {
    const { run } = await withServer();
    await succeed(run(['send', susan.email]));
    const { stdout } = await run(['status', susan.email]);
    expect(stdout).toMatch(/^ {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}asked for a reset/);
    expect(summaryOf(stdout)).toMatch(
      new RegExp(
        `^susan@example\\.com \\(user 1\\), active: can be reset\n {2}live link until ${TIME} \\(in .+\\), request \\w{8}\n {4}its mail: accepted by the mail server at ${TIME}; server said: 250 .+\n {2}next mail: can be sent in \\d+ s, or now with --force\n$`,
      ),
    );
  });

  it('does not call a link live if its mail was refused', async () => {
    const { run } = await withServer({ onRcpt: () => ({ code: 550, text: 'no such mailbox' }) });
    await run(['send', susan.email]);
    const summary = summaryOf((await run(['status', susan.email])).stdout);
    expect(summary).toMatch(
      new RegExp(
        `\n {2}undelivered link, good until .+\n {4}its mail: NOT delivered at ${TIME} \\(refused\\); server said: 550 .*no such mailbox.*\n`,
      ),
    );
    expect(summary).not.toContain('live link');
    expect(summary).toContain('next mail: can be sent right away');
  });

  it('says that a mail waits, without calling our own words the server’s', async () => {
    const { run, configure } = await withServer();
    await configure({ 'mail.url': 'smtp://127.0.0.1:9' });
    await run(['send', susan.email]);
    const { stdout } = await run(['status', susan.email]);
    expect(summaryOf(stdout)).toMatch(
      new RegExp(
        `link on its way, not there yet, good until .+\n {4}its mail: queued since ${TIME}, next try ${TIME}; Nothing listens at 127\\.0\\.0\\.1:9`,
      ),
    );
    expect(stdout).not.toMatch(/server said/);
    const { rows } = await run(['status', susan.email, '--json']);
    expect(rows()[0]).toMatchObject({
      canReset: true,
      liveLinks: [{ mail: { status: 'queued', attempts: 4 } }],
      lastMail: { status: 'queued', dueAt: expect.any(String) as string },
    });
  });

  it('says of a printed link that it lives, and of a person who cannot be reset why', async () => {
    const { run, configure, open } = await makeSetup();
    await succeed(run(['link', susan.email]));
    const printed = summaryOf((await run(['status', susan.email])).stdout);
    expect(printed).toMatch(
      /\n {2}live link until .+, request \w{8}\n {2}next mail: can be sent right away\n$/,
    );
    await (await open()).raw('alter table users add column enabled integer not null default 0');
    await configure({ 'users.active': { enabled: 1 } });
    const summary = summaryOf((await run(['status', susan.email])).stdout);
    expect(summary).toContain('(user 1), not active: cannot be reset\n  ! not active in the application');
    expect(summary).toContain('next mail: none until this person can be reset\n');
  });

  it('knows a hash of an unknown format as a reason, and a missing address as one for mail alone', async () => {
    const { run, open } = await makeSetup();
    const db = await open();
    await db('users').update({ password_hash: '{UNKNOWN}abc' });
    const unknown = (await run(['status', susan.email, '--json'])).rows()[0];
    expect(unknown).toMatchObject({ canReset: false, facts: [{ code: 'unknown_hash' }] });
    await db('users').update({ password_hash: susan.encoded, email: '' });
    const { stdout } = await run(['status', '--id', '1']);
    expect(stdout).toContain('user 1, active: can be reset\n');
    expect(stdout).toContain('next mail: none, because there is no address to send it to\n');
  });

  it('has ten rows of history above it, and all with --all', async () => {
    const { run } = await makeSetup();
    for (let count = 0; count < 12; count += 1) await succeed(run(['link', susan.email]));
    const rowsOf = (stdout: string) => stdout.split('\n').filter((line) => /^ {2}\d{4}-/.test(line)).length;
    const { stdout } = await run(['status', susan.email]);
    expect(stdout).toMatch(/^ {2}\d+ older rows: reset status --id 1 --all\n/);
    expect(rowsOf(stdout)).toBe(10);
    const all = (await run(['status', susan.email, '--all'])).stdout;
    expect(rowsOf(all)).toBeGreaterThanOrEqual(12);
    expect(all).not.toContain('older row');
  });
});

describe('a second mail too soon', () => {
  it.each<[string, MailboxOptions, RegExp]>([
    [
      'was accepted',
      {},
      /^✗ susan@example\.com \(user 1\) was sent a link \d+ seconds? ago \(accepted by the mail server\)\. Ask the person to look in the junk folder; send another in \d+ s, or now with --force\. \(throttled\)\n$/,
    ],
    [
      'waits',
      { onRcpt: () => ({ code: 451, text: 'greylisted' }) },
      /^✗ The mail that was queued for susan@example\.com \(user 1\) \d+ seconds? ago has not gone out yet\. The mail server said: 451 .*greylisted.* It is tried again by itself; send another in \d+ s, or now with --force\. \(throttled\)\n$/,
    ],
  ])('says that the mail before %s', async (_, options, words) => {
    const { run } = await withServer(options);
    await run(['send', susan.email]);
    for (const command of ['send', 'resend']) {
      const { code, stderr } = await run([command, susan.email]);
      expect(code).toBe(9);
      expect(stderr).toMatch(words);
    }
    const { error } = await run(['send', susan.email, '--json']);
    expect(error().details).toMatchObject({
      retryAfterSeconds: expect.any(Number) as number,
      lastMail: { requestId: expect.any(String) as string },
    });
  });
});
