import { createServer } from 'node:net';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startMailbox, startSilentServer } from '../helpers/mailbox.ts';
import { makeFolder, makeSetup, runReset, succeed, susan } from '../helpers/run-reset.ts';

/** A port that nobody listens on at the moment. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('an environment as Flask-Mail has it', () => {
  it('sends through smtp-sink without a config file', async () => {
    const folder = await makeFolder();
    const port = await freePort();
    const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
    const dump = join(folder, 'dump');
    await execa('mkdir', ['-m', '777', dump]);
    const sink = execa(
      '/usr/sbin/smtp-sink',
      [...user, '-R', dump, '-d', 'mail.', `127.0.0.1:${port}`, '10'],
      {
        reject: false,
      },
    );
    onTestFinished(() => void sink.kill());
    const { stdout: key } = await succeed(runReset(['keygen']));
    const env = {
      MAIL_SERVER: '127.0.0.1',
      MAIL_PORT: String(port),
      MAIL_USE_TLS: '',
      RESET_DATABASE: `sqlite:${join(folder, 'app.db')}`,
      RESET_BASE_URL: 'https://microblog.example.com',
      RESET_SECRET: key.trim(),
      RESET_MAIL_FROM: 'no-reply@microblog.example.com',
    };
    await succeed(runReset(['migrate'], { env, cwd: folder }));
    await succeed(runReset(['user', 'add', susan.email], { env, cwd: folder }));
    const { rows } = await succeed(runReset(['send', susan.email, '--json'], { env, cwd: folder }));
    expect(rows()).toEqual([
      expect.objectContaining({ status: 'sent', reply: expect.stringMatching(/^250/) }),
    ]);
    const [file = ''] = readdirSync(dump);
    const mail = readFileSync(join(dump, file), 'utf8');
    expect(mail).toContain(`X-Rcpt-Args: <${susan.email}>`);
    expect(mail).toContain('From: no-reply@microblog.example.com');
    expect(mail).toContain('https://microblog.example.com/reset_password/eyJ');
  });
});

describe('a mail server that does not take the mail', () => {
  it('is told with exit 10: unreachable and silent ones keep the mail queued, a refusal is final', async () => {
    const silent = await startSilentServer();
    const refusing = await startMailbox({ onRcpt: () => ({ code: 550, text: '5.1.1 no such mailbox' }) });
    const busy = await startMailbox({ onRcpt: () => ({ code: 451, text: '4.7.1 greylisted' }) });
    const urls = ['smtp://127.0.0.1:1', silent.url, busy.url, refusing.url];
    const setups = await Promise.all(urls.map((url) => makeSetup({ 'mail.url': url })));
    const ends = await Promise.all(
      setups.map(({ run }) => run(['send', susan.email, '--json'], { timeout: 90_000 })),
    );
    expect(ends.map(({ code }) => code)).toEqual([10, 10, 10, 10]);
    expect(ends.map(({ error }) => error().details)).toEqual([
      expect.objectContaining({ retryable: true, reply: expect.stringContaining('ECONNREFUSED') }),
      expect.objectContaining({ retryable: true, reply: expect.stringMatching(/[Gg]reeting|timeout/) }),
      expect.objectContaining({ retryable: true, reply: expect.stringContaining('greylisted') }),
      expect.objectContaining({ retryable: false, reply: expect.stringContaining('no such mailbox') }),
    ]);
    expect(ends.map(({ rows }) => rows()[0]?.['status'])).toEqual(['queued', 'queued', 'queued', 'failed']);
    for (const { error } of ends.slice(0, 3)) expect(error().message).toContain('reset worker');
    const states = await Promise.all(
      setups.map(async ({ open }) => (await open())('reset_outbox').pluck<string[]>('state')),
    );
    expect(states).toEqual([['queued'], ['queued'], ['queued'], ['failed']]);
    // What came to nothing for good starts no cool-down.
    await refusing.close();
    expect(await setups[3]?.run(['send', susan.email, '--json'])).not.toMatchObject({ code: 9 });
    await Promise.all([silent.close(), busy.close()]);
  }, 120_000);

  it('is a folder that can not be written', async () => {
    const { run, configure, folder, open } = await makeSetup();
    await configure({ 'mail.url': `file:${folder}/app.db/mailbox` });
    const { code, error } = await run(['send', susan.email, '--json']);
    expect({ code, error: error().code }).toEqual({ code: 10, error: 'delivery_failed' });
    expect(await (await open())('reset_tokens').pluck('state')).toEqual(['live']);
  });
});
