import { afterEach, expect, it } from 'vitest';
import { applyToken } from '../../helpers/apply-token.ts';
import { readAuditLines } from '../../../src/flows/history/read-audit.ts';
import { readPending } from '../../../src/flows/history/read-pending.ts';
import { readUserStatus } from '../../../src/flows/history/read-status.ts';
import { resendLink } from '../../../src/flows/links/resend-link.ts';
import { revokeOfUser } from '../../../src/flows/links/revoke-tokens.ts';
import { sendReset } from '../../../src/flows/links/send-reset.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { goodPassword, openFlowApp, operator, type FlowApp, type FlowAppOptions } from '../flow-app.ts';

const email = 'susan@example.com';
const minute = 60_000;
const linkIn = (text: string | undefined) => /https:\S+\/reset_password\/\S+/.exec(text ?? '')?.[0] ?? '';
const tokenIn = (text: string | undefined) => linkIn(text).slice(linkIn(text).lastIndexOf('/') + 1);

eachDatabase('looking after a link', (open) => {
  let flow: FlowApp;
  const start = async (options: FlowAppOptions = {}) => {
    flow = await openFlowApp(await open(), options);
    await flow.addUser(email, '$2b$04$F6vQXz2kPX0aoOrwYFPwUu1e0UPHbZC2bPZ1nfhMbNmGZ0xDFE6rK');
  };
  const send = () => sendReset(flow.app, { identifier: { email }, actor: operator, bucket: 'operator' });
  const resend = (force = true) =>
    resendLink(flow.app, { identifier: { email }, actor: { ...operator, ticket: 'SUP-1' }, force });
  const status = () => readUserStatus(flow.app, { email });
  const events = async () => (await status()).timeline.map(({ event }) => event);
  afterEach(() => flow.close());

  it('mails the same link again under another Message-ID, and says what is left of its life', async () => {
    await start();
    const first = await send();
    flow.clock.advance(40 * minute);
    const again = await resend();
    expect(again).toMatchObject({ status: 'sent', requestId: first.requestId, expiresAt: first.expiresAt });
    const [one, two] = await flow.mailbox.waitFor(2);
    expect(linkIn(two?.parsed.text)).toBe(linkIn(one?.parsed.text));
    expect(two?.parsed.messageId).not.toBe(one?.parsed.messageId);
    expect(one?.parsed.text).toContain('expires in 1 hour');
    expect(two?.parsed.text).toContain('expires in 20 minutes');
    expect(two?.parsed.text).toContain('SUP-1');
    await applyToken(flow.app, { token: tokenIn(two?.parsed.text), password: goodPassword, actor: operator });
  });

  it('waits for the cool-down unless forced', async () => {
    await start();
    await send();
    await expect(resend(false)).rejects.toMatchObject({ code: 'throttled' });
    expect((await resend(true)).status).toBe('sent');
  });

  it('has nothing to send again where no link is live, and says why', async () => {
    await start();
    await expect(resend()).rejects.toMatchObject({ code: 'token_invalid' });
    await send();
    flow.clock.advance(61 * minute);
    await expect(resend()).rejects.toMatchObject({ code: 'token_expired' });
    await send().catch(() => sendReset(flow.app, { identifier: { email }, actor: operator, bucket: null }));
    await revokeOfUser(flow.app, { email }, operator);
    await expect(resend()).rejects.toMatchObject({ code: 'token_revoked' });
    flow.clock.advance(minute);
    await sendReset(flow.app, { identifier: { email }, actor: operator, bucket: null });
    const mails = await flow.mailbox.waitFor(3);
    const token = tokenIn(mails.at(-1)?.parsed.text);
    await applyToken(flow.app, { token, password: goodPassword, actor: operator });
    await expect(resend()).rejects.toMatchObject({ code: 'token_used' });
    await expect(resend()).rejects.toThrow('Send a new one: reset send');
  });

  it('never gives a link a new life when the mail server is slow to take it', async () => {
    await start();
    const { requestId } = await send();
    flow.clock.advance(59 * minute);
    await resend();
    const [token] = await flow.app.ledger('reset_tokens').where({ request_id: requestId });
    expect(Number(token.exp) - Number(token.iat)).toBe(3600);
  });

  it('tells the whole story of a link, from the request to the notice', async () => {
    await start();
    await send();
    await resend();
    expect(await status()).toMatchObject({ email, isActive: true, facts: [] });
    expect((await status()).liveLinks).toHaveLength(1);
    expect((await status()).cooldown.operator).toBeGreaterThan(0);
    const [mail] = await flow.mailbox.waitFor(1);
    await applyToken(flow.app, {
      token: tokenIn(mail?.parsed.text),
      password: goodPassword,
      actor: operator,
    });
    const { liveLinks, timeline } = await status();
    expect(liveLinks).toEqual([]);
    const story = [
      'reset_requested',
      'mail_sent',
      'operator_action',
      'mail_sent',
      'password_changed',
      'mail_waiting',
    ];
    expect(timeline.map(({ event }) => event)).toEqual(story);
    expect(timeline.find(({ event }) => event === 'mail_sent')?.details).toMatchObject({
      reply: expect.stringMatching(/^250/),
    });
  });

  it('knows a link that ran out, and one that died because the address changed', async () => {
    await start();
    await send();
    flow.clock.advance(61 * minute);
    expect(await events()).toContain('link_expired');
    await sendReset(flow.app, { identifier: { email }, actor: operator, bucket: null });
    await flow.app.usersDb('users').where({ email }).update({ password_hash: 'another' });
    expect((await status()).liveLinks).toEqual([]);
    expect(await events()).toContain('link_dead');
  });

  it('names what would stop a reset: two users on one address, no password', async () => {
    await start();
    const id = await flow.addUser('maria@example.com');
    expect((await readUserStatus(flow.app, { id })).facts).toMatchObject([{ code: 'no_password' }]);
    await flow.app
      .usersDb('users')
      .where({ id })
      .update({ email: 'SUSAN@example.com' })
      .catch(() => undefined);
    const facts = (await readUserStatus(flow.app, { id })).facts.map(({ code }) => code);
    const { email: now } = await flow.app.usersDb('users').where({ id }).first();
    expect(facts).toEqual(now === 'SUSAN@example.com' ? ['no_password', 'ambiguous'] : ['no_password']);
  });

  it('lists what waits and what failed of everybody', async () => {
    await start({ mailbox: { onRcpt: () => ({ code: 550, text: 'no such mailbox' }) } });
    await send();
    const rows = [];
    for await (const row of readPending(flow.app, flow.clock.now() - minute)) rows.push(row);
    expect(rows).toMatchObject([{ userId: '1', status: 'failed', reply: expect.stringContaining('550') }]);
    flow.clock.advance(10 * minute);
    for await (const row of readPending(flow.app, flow.clock.now() - minute)) expect(row).toBeUndefined();
  });

  it('streams the audit of one user, since a time', async () => {
    await start();
    await send();
    flow.clock.advance(10 * minute);
    await resend();
    const read = async (since?: number) => {
      const lines = [];
      for await (const line of readAuditLines(flow.app, { since, user: { id: '1' } })) lines.push(line.event);
      return lines;
    };
    expect(await read()).toEqual(['reset_requested', 'mail_sent', 'operator_action', 'mail_sent']);
    expect(await read(flow.clock.now())).toEqual(['operator_action', 'mail_sent']);
  });
});
