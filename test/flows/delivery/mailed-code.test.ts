import { afterEach, expect, it } from 'vitest';
import { claimMessages } from '../../../src/flows/delivery/claim-messages.ts';
import { deliverMessage } from '../../../src/flows/delivery/deliver-message.ts';
import { readUserStatus } from '../../../src/flows/history/read-status.ts';
import { requestReset } from '../../../src/flows/links/request-reset.ts';
import { resendLink } from '../../../src/flows/links/resend-link.ts';
import { sendReset } from '../../../src/flows/links/send-reset.ts';
import { applyReset } from '../../../src/flows/links/apply-reset.ts';
import { verifyResetToken } from '../../../src/flows/links/verify-reset-token.ts';
import { exchangeCode } from '../../../src/flows/visitors/exchange-code.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { goodPassword, openFlowApp, operator, type FlowApp, type FlowAppOptions } from '../flow-app.ts';

const email = 'susan@example.com';
const visitor = { kind: 'web', name: '192.0.2.7' } as const;
const minute = 60_000;
const withCode = { flags: { 'mail.code': true } } as const;

const codeIn = (text: string | undefined): string | undefined =>
  /^[0-9A-Z]{4}-[0-9A-Z]{4}$/m.exec(text ?? '')?.[0];
const linkIn = (text: string | undefined): string =>
  /^https:\S+\/reset_password\/(\S+)$/m.exec(text ?? '')?.[1] ?? '';

eachDatabase('mail.code', (open) => {
  let flow: FlowApp;
  const start = async (options: FlowAppOptions = withCode) => {
    flow = await openFlowApp(await open(), options);
    await flow.addUser(email);
  };
  afterEach(() => flow.close());

  const send = () => sendReset(flow.app, { identifier: { email }, actor: operator, bucket: null });
  const type = (code = '') => exchangeCode(flow.app, { account: email, code }, visitor);
  const textOf = async (count: number) => (await flow.mailbox.waitFor(count)).at(count - 1)?.parsed.text;

  it('puts the code beside the link, each alone on its line, and into the HTML; it sets the password once', async () => {
    await start();
    await send();
    const [mail] = await flow.mailbox.waitFor(1);
    const code = codeIn(mail?.parsed.text);
    expect(mail?.parsed.text).toContain('https://accounts.example.test/reset_password_code');
    expect(mail?.parsed.html).toContain(`<strong>${code}</strong>`);
    flow.clock.advance(50 * minute); // as long as the link
    const link = await verifyResetToken(flow.app, linkIn(mail?.parsed.text));
    const good = await type(code);
    expect(good.row.jti).toBe(link.row.jti);
    await applyReset(flow.app, good, goodPassword, visitor);
    await expect(applyReset(flow.app, link, 'another good long password', visitor)).rejects.toMatchObject({
      code: 'token_used',
    });
    await expect(type(code)).rejects.toMatchObject({ code: 'code_invalid' });
  });

  it('dies with its link', async () => {
    await start();
    await send();
    const text = await textOf(1);
    await applyReset(flow.app, await verifyResetToken(flow.app, linkIn(text)), goodPassword, visitor);
    await expect(type(codeIn(text))).rejects.toMatchObject({ code: 'code_invalid' });
  });

  it('is the same in a mail that is sent again, and is left out once its tries are used up', async () => {
    await start();
    await send();
    const code = codeIn(await textOf(1));
    const resend = () => resendLink(flow.app, { identifier: { email }, actor: operator, force: true });
    await resend();
    expect(codeIn(await textOf(2))).toBe(code);
    expect((await readUserStatus(flow.app, { email })).liveLinks).toMatchObject([
      { code: { way: 'mail', triesLeft: 5, isTyped: false } },
    ]);
    for (let count = 0; count < 5; count += 1)
      await expect(type(code === 'AAAA-AAAA' ? 'BBBB-BBBB' : 'AAAA-AAAA')).rejects.toThrow();
    await resend();
    const last = await textOf(3);
    expect([codeIn(last), last?.includes('reset_password_code')]).toEqual([undefined, false]);
    expect(linkIn(last)).not.toBe('');
  });

  it('is good in a mail whose worker was killed, and whose link got a new life', async () => {
    await start();
    const request = { identifier: { email }, actor: operator, bucket: null };
    const { requestId } = await requestReset(flow.app, request);
    const claim = () => claimMessages(flow.app, { limit: 1, requestId });
    const [first] = await claim();
    flow.clock.advance(50 * minute);
    const [again] = await claim();
    expect(again).toMatchObject({ token: { jti: (first as { token: { jti: string } }).token.jti } });
    expect(await deliverMessage(flow.app, again!)).toMatchObject({ state: 'sent' });
    flow.clock.advance(50 * minute);
    expect((await type(codeIn(await textOf(1)))).user.email).toBe(email);
  });

  it('is off unless it is asked for', async () => {
    await start({});
    await send();
    expect(codeIn(await textOf(1))).toBeUndefined();
    expect(await flow.app.ledger('reset_tokens').select('code_way', 'code_mac', 'code_exp')).toEqual([
      { code_way: null, code_mac: null, code_exp: null },
    ]);
  });
});
