import { afterEach, describe, expect, it, vi } from 'vitest';
import { applyToken } from '../../helpers/apply-token.ts';
import { requestReset } from '../../../src/flows/links/request-reset.ts';
import { runWorker } from '../../../src/flows/delivery/run-worker.ts';
import { sendNotice } from '../../../src/flows/links/send-notice.ts';
import { deliveryError, sendReset } from '../../../src/flows/links/send-reset.ts';
import { verifyResetToken } from '../../../src/flows/links/verify-reset-token.ts';
import type { Bucket } from '../../../src/throttle/throttle.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { goodPassword, openFlowApp, operator, type FlowApp, type FlowAppOptions } from '../flow-app.ts';

const tokenIn = (text: string | undefined) => /\/reset_password\/(\S+)/.exec(text ?? '')?.[1] ?? '';

eachDatabase('sending a link', (open) => {
  let flow: FlowApp;
  const start = async (options: FlowAppOptions = {}) => {
    flow = await openFlowApp(await open(), options);
    await flow.addUser('Susan@example.com');
  };
  const send = (email = 'susan@example.com', bucket: Bucket | null = 'operator') =>
    sendReset(flow.app, { identifier: { email }, actor: operator, bucket });
  afterEach(async () => {
    vi.useRealTimers();
    await flow.close();
  });

  it('mails a link that works, to the stored address, and reports what the server said', async () => {
    await start();
    const result = await send('SUSAN@example.com');
    expect(result).toMatchObject({ email: 'Susan@example.com', userId: '1', status: 'sent' });
    expect(result.reply).toMatch(/^250/);
    const [mail] = await flow.mailbox.waitFor(1);
    expect(mail?.envelope.to).toEqual(['Susan@example.com']);
    expect(mail?.parsed.messageId).toBe(result.messageId);
    const { row } = await verifyResetToken(flow.app, tokenIn(mail?.parsed.text));
    expect(new Date(row.exp * 1000).toISOString()).toBe(result.expiresAt);
    expect(row.exp - row.iat).toBe(3600);
    expect(deliveryError(result)).toBeUndefined();
  });

  it('reports a final refusal with the reply, and lets the operator try again at once', async () => {
    await start({ mailbox: { onRcpt: () => ({ code: 550, text: '5.1.1 no such mailbox' }) } });
    const result = await send();
    expect(result).toMatchObject({ status: 'failed' });
    expect(result.reply).toContain('no such mailbox');
    expect(deliveryError(result)).toMatchObject({ code: 'delivery_failed', details: { retryable: false } });
    expect((await send()).status).toBe('failed');
  });

  it('tries a temporary refusal again, with the same link and Message-ID, and then leaves it to a worker', async () => {
    let refusals = 0;
    await start({
      mailbox: { onRcpt: () => (refusals++ < 4 ? { code: 450, text: '4.2.1 try later' } : undefined) },
    });
    const clock = vi.spyOn(flow.clock, 'now').mockImplementation(() => Date.now());
    const result = await send();
    expect(result).toMatchObject({ status: 'queued' });
    expect(deliveryError(result)).toMatchObject({ code: 'delivery_failed', details: { retryable: true } });
    const before = (await flow.app.ledger('reset_tokens').first()) as { jti: string };
    clock.mockImplementation(() => Date.now() + 600_000);
    const stop = new AbortController();
    const worker = runWorker(flow.app, { signal: stop.signal });
    const [mail] = await flow.mailbox.waitFor(1, 20_000);
    stop.abort();
    await worker;
    expect(mail?.parsed.messageId).toBe(result.messageId);
    const { row } = await verifyResetToken(flow.app, tokenIn(mail?.parsed.text));
    expect(row.jti).toBe(before.jti);
  });

  it('R49: an operator waits a minute between two mails to one user, unless forced', async () => {
    await start();
    await send();
    await expect(send()).rejects.toMatchObject({
      code: 'throttled',
      details: { retryAfterSeconds: expect.any(Number) as number },
    });
    expect((await send('susan@example.com', null)).status).toBe('sent');
  });

  it('R49: the web gets one a minute, five an hour and ten a day, however the address is written', async () => {
    await start();
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.spyOn(flow.clock, 'now').mockImplementation(() => Date.now());
    const spellings = ['susan@example.com', 'SUSAN@example.com', 'Susan@EXAMPLE.com'];
    const ask = async (at: number) => {
      try {
        const email = spellings[at % 3]!;
        await requestReset(flow.app, {
          identifier: { email },
          actor: { kind: 'web', name: '192.0.2.1' },
          bucket: 'web',
        });
        return true;
      } catch {
        return false;
      }
    };
    let accepted = 0;
    for (let minute = 0; minute < 60; minute += 1) {
      if (await ask(minute)) accepted += 1;
      expect(await ask(minute + 1)).toBe(false);
      vi.advanceTimersByTime(61_000);
    }
    expect(accepted).toBe(5);
    for (let hour = 0; hour < 12; hour += 1) {
      for (let count = 0; count < 6; count += 1) {
        if (await ask(count)) accepted += 1;
        vi.advanceTimersByTime(61_000);
      }
      vi.advanceTimersByTime(3_600_000);
    }
    expect(accepted).toBe(10);
    expect(await flow.app.ledger('reset_outbox').select()).toHaveLength(10);
    expect((await send()).status).toBe('sent'); // strangers can't block support
  });

  it('R95: a reset clears the counters of the user', async () => {
    await start();
    await send();
    const [mail] = await flow.mailbox.waitFor(1);
    await applyToken(flow.app, {
      token: tokenIn(mail?.parsed.text),
      password: goodPassword,
      actor: operator,
    });
    expect((await send()).status).toBe('sent');
  });

  it('R92: one notice for each success, to the address that was stored, and none for a failure', async () => {
    await start();
    await send();
    const [mail] = await flow.mailbox.waitFor(1);
    const token = tokenIn(mail?.parsed.text);
    await expect(applyToken(flow.app, { token, password: 'short', actor: operator })).rejects.toMatchObject({
      code: 'password_rejected',
    });
    const { requestId } = await applyToken(flow.app, { token, password: goodPassword, actor: operator });
    expect(await sendNotice(flow.app, requestId)).toBeUndefined();
    const [, notice] = await flow.mailbox.waitFor(2);
    expect(notice?.envelope.to).toEqual(['Susan@example.com']);
    expect(notice?.raw).not.toContain('eyJ');
    expect(notice?.parsed.text).not.toContain(goodPassword);
    await expect(applyToken(flow.app, { token, password: goodPassword, actor: operator })).rejects.toThrow();
    expect(flow.mailbox.messages).toHaveLength(2);
  });

  it('R91: a request whose audit row cannot be written still goes out, with an alarm', async () => {
    await start();
    await flow.app.ledger.schema.renameTable('reset_audit', 'audit_away');
    await requestReset(flow.app, {
      identifier: { email: 'susan@example.com' },
      actor: operator,
      bucket: null,
    });
    await flow.app.ledger.schema.renameTable('audit_away', 'reset_audit');
    expect(await flow.app.ledger('reset_outbox').select()).toHaveLength(1);
    expect(flow.logs.map(({ event }) => event)).toContain('audit_unwritable');
  });

  describe('before anything is queued', () => {
    it.each([
      ['nobody@example.com', 'user_not_found'],
      ['no address', 'user_not_found'],
    ])('%s is %s', async (email, code) => {
      await start();
      await expect(send(email)).rejects.toMatchObject({ code });
      expect(await flow.app.ledger('reset_outbox').select()).toEqual([]);
    });

    it('two users on one address are user_ambiguous', async () => {
      await start();
      await flow.app.usersDb.schema.alterTable('users', (table) => table.dropUnique(['email']));
      await flow.app.usersDb('users').insert({ email: 'SUSAN@example.com' });
      await expect(send()).rejects.toMatchObject({ code: 'user_ambiguous' });
    });
  });
});
