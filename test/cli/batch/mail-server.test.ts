import { describe, expect, it } from 'vitest';
import { startMailbox } from '../../helpers/mailbox.ts';
import { makeSetup, susan } from '../../helpers/run-reset.ts';

describe('a mail server that does not take the mail', () => {
  it('ends the send with exit 10: unreachable and busy ones keep the mail queued, a refusal is final', async () => {
    const refusing = await startMailbox({ onRcpt: () => ({ code: 550, text: '5.1.1 no such mailbox' }) });
    const busy = await startMailbox({ onRcpt: () => ({ code: 451, text: '4.7.1 greylisted' }) });
    const urls = ['smtp://127.0.0.1:1', busy.url, refusing.url];
    const setups = await Promise.all(urls.map((url) => makeSetup({ 'mail.url': url })));
    const ends = await Promise.all(setups.map(({ run }) => run(['send', susan.email, '--json'])));
    expect(ends.map(({ code }) => code)).toEqual([10, 10, 10]);
    expect(ends.map(({ error }) => error().details)).toEqual([
      expect.objectContaining({ retryable: true, reply: expect.stringContaining('Nothing listens at ') }),
      expect.objectContaining({ retryable: true, reply: expect.stringContaining('greylisted') }),
      expect.objectContaining({ retryable: false, reply: expect.stringContaining('no such mailbox') }),
    ]);
    expect(ends.map(({ rows }) => rows()[0]?.['status'])).toEqual(['queued', 'queued', 'failed']);
    for (const { error } of ends.slice(0, 2)) expect(error().message).toContain('reset worker');
    const states = await Promise.all(
      setups.map(async ({ open }) => (await open())('reset_outbox').pluck<string[]>('state')),
    );
    expect(states).toEqual([['queued'], ['queued'], ['failed']]);
    // A mail that finally failed starts no cool-down.
    await refusing.close();
    expect(await setups[2]?.run(['send', susan.email, '--json'])).not.toMatchObject({ code: 9 });
    await busy.close();
  });

  it('is a folder that cannot be written', async () => {
    const { run, configure, folder, open } = await makeSetup();
    await configure({ 'mail.url': `file:${folder}/app.db/mailbox` });
    const { code, error } = await run(['send', susan.email, '--json']);
    expect({ code, error: error().code }).toEqual({ code: 10, error: 'delivery_failed' });
    expect(await (await open())('reset_tokens').pluck('state')).toEqual(['live']);
  });
});
