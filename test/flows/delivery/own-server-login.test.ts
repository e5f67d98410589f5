import { expect, onTestFinished, test } from 'vitest';
import { checkMail } from '../../../src/flows/checks/check-mail.ts';
import { sendReset } from '../../../src/flows/links/send-reset.ts';
import { createTestApp, type TestApp } from '../../helpers/create-test-app.ts';
import { startMailbox, type MailboxOptions } from '../../helpers/mailbox.ts';
import { startScriptedSmtp } from '../../helpers/scripted-smtp.ts';

async function start(config: Record<string, unknown>): Promise<TestApp> {
  const site = await createTestApp({ config });
  onTestFinished(site.close);
  return site;
}

async function send({ app, addUser }: TestApp): Promise<{ status: string; reason?: string | null }> {
  const id = await addUser({ email: 'susan@example.test' });
  return sendReset(app, { identifier: { id }, actor: app.operator, bucket: null });
}

const check = ({ app }: TestApp) => checkMail({ config: app.config, clock: app.clock });

const auth = { user: 'me', password: 'right' };

test.each<[string, MailboxOptions, string, boolean]>([
  ['goes over STARTTLS where it is offered, whatever the certificate', { tls: 'starttls', auth }, '', true],
  ['goes in plain text where nothing else is offered', { auth }, '', false],
])('a login on this machine %s, and doctor does the same', async (_name, options, query, isEncrypted) => {
  const box = await startMailbox(options);
  onTestFinished(() => box.close());
  const site = await start({ 'mail.url': `smtp://me:right@127.0.0.1:${box.port}${query}` });
  expect(await send(site)).toMatchObject({ status: 'sent' });
  expect(box.messages).toMatchObject([{ isEncrypted }]);
  const [connection] = await check(site);
  expect(connection?.message).toContain(`(${isEncrypted ? 'TLS' : 'no TLS'}, login as me)`);
});

test('a demand for TLS on this machine wants a certificate that somebody vouches for', async () => {
  const box = await startMailbox({ tls: 'starttls', auth });
  onTestFinished(() => box.close());
  const site = await start({ 'mail.url': `smtp://me:right@127.0.0.1:${box.port}?tls=required` });
  const [connection] = await check(site);
  expect(connection).toMatchObject({
    status: 'failure',
    remedy: expect.stringContaining('?ca=FILE') as string,
  });
});

test.each<[string, Record<string, unknown>, string]>([
  ['the domain of the sender', {}, 'example.test'],
  ['the ASCII form of that domain', { 'mail.from': 'noreply@bücher.example' }, 'xn--bcher-kva.example'],
  ['what mail.ehlo says', { 'mail.ehlo': 'mail.example.com' }, 'mail.example.com'],
  ['an address that mail.ehlo says', { 'mail.ehlo': '[192.0.2.1]' }, '[192.0.2.1]'],
])('EHLO names %s, in a delivery and in doctor', async (_name, config, name) => {
  const server = await startScriptedSmtp();
  onTestFinished(() => server.close());
  const site = await start({ 'mail.url': server.url, ...config });
  await send(site);
  await check(site);
  const said = server.lines.filter((line) => /^(?:EHLO|HELO)/.test(line));
  expect(new Set(said)).toEqual(new Set([`EHLO ${name}`]));
  expect(server.connections).toBe(2);
});
