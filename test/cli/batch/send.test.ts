import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startMailbox } from '../../helpers/mailbox.ts';
import { makeSetup, succeed, susan } from '../../helpers/run-reset.ts';

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe('reset send', () => {
  it('waits for the mail and says what the mail server answered', async () => {
    const mailbox = await startMailbox();
    const { run } = await makeSetup({ 'mail.url': mailbox.url });
    const { code, stdout } = await run(['send', susan.email, '--ticket', 'SUP-4711']);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^✓ Sent to susan@example\.com\. The link works until .*\d\d:\d\d \(in 1 hour\)\.\n {2}mail server: 250.*\n {2}request \w+\n$/,
    );
    const [mail] = await mailbox.waitFor(1);
    expect(mail?.envelope.to).toEqual([susan.email]);
    expect(mail?.parsed.text).toContain('SUP-4711');
    await mailbox.close();
  });

  it('prints one object with --json', async () => {
    const { run } = await makeSetup();
    const { rows, stderr } = await run(['send', susan.email, '--json']);
    expect(stderr).toBe('');
    expect(rows()).toEqual([
      expect.objectContaining({
        email: susan.email,
        userId: '1',
        status: 'sent',
        requestId: expect.any(String),
        expiresAt: expect.stringMatching(instant),
        messageId: expect.stringMatching(/^<.+@.+>$/),
      }),
    ]);
  });

  it('mails a link that works', async () => {
    const { run, mailbox } = await makeSetup();
    await succeed(run(['send', susan.email]));
    const [file = ''] = readdirSync(mailbox);
    const [, link = ''] =
      /^(https:\/\/accounts\.example\.com\/reset_password\/eyJ\S+)$/m.exec(
        readFileSync(join(mailbox, file), 'utf8').replaceAll('=\r\n', '').replaceAll('\r', ''),
      ) ?? [];
    expect(await run(['verify', link])).toMatchObject({ code: 0 });
  });
});
