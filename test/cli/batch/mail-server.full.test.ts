import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findFreePort } from '../../helpers/free-port.ts';
import { findProgram } from '../../helpers/find-program.ts';
import { startSilentServer } from '../../helpers/mailbox.ts';
import { needs } from '../../helpers/needs.ts';
import { makeFolder, makeSetup, runReset, succeed, susan } from '../../helpers/run-reset.ts';

describe.runIf(needs('smtp-sink'))('an environment as Flask-Mail has it', () => {
  it('sends through smtp-sink without a config file', async () => {
    const folder = await makeFolder();
    const port = await findFreePort();
    const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
    const dump = join(folder, 'dump');
    await execa('mkdir', ['-m', '777', dump]);
    const sink = execa(
      findProgram('smtp-sink') ?? '',
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

describe('a mail server that takes the connection and says nothing', () => {
  it('ends the send with exit 10 and keeps the mail queued', async () => {
    const silent = await startSilentServer();
    onTestFinished(() => silent.close());
    const { run, open } = await makeSetup({
      'mail.url': `${silent.url}${silent.url.includes('?') ? '&' : '?'}greeting=2s`,
    });
    const { code, error, rows } = await run(['send', susan.email, '--json'], { timeout: 90_000 });
    expect(code).toBe(10);
    expect(error().details).toMatchObject({
      retryable: true,
      reply: expect.stringContaining('did not greet in time'),
    });
    expect(error().message).toContain('reset worker');
    expect(rows()[0]).toMatchObject({ status: 'queued' });
    expect(await (await open())('reset_outbox').pluck('state')).toEqual(['queued']);
  });
});
