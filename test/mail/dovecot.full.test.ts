import { describe, expect, onTestFinished, test } from 'vitest';
import { checkMail } from '../../src/flows/checks/check-mail.ts';
import { sendMessage } from '../../src/mail/send.ts';
import { createTestApp } from '../helpers/create-test-app.ts';
import { startDovecot, type DovecotOptions } from '../helpers/dovecot.ts';
import { openSample, sampleMessage } from '../helpers/mail-input.ts';
import { caFile } from '../helpers/mailbox.ts';
import { needs } from '../helpers/needs.ts';
import { startScriptedSmtp, type ScriptedOptions, type ScriptedSmtp } from '../helpers/scripted-smtp.ts';
import { deliveryFailure } from '../helpers/rejection.ts';

/** Dovecot before a server that takes or refuses what it passes on. */
async function start(
  script: ScriptedOptions = {},
  options: Partial<DovecotOptions> = {},
): Promise<{ port: number; relay: ScriptedSmtp }> {
  const relay = await startScriptedSmtp({ offers: ['8BITMIME'], ...script });
  onTestFinished(() => relay.close());
  return { port: await startDovecot({ relayPort: relay.port, password: 'right', ...options }), relay };
}

const urlOf = (port: number, login = 'reset:right@', query = '') =>
  `smtp://${login}127.0.0.1:${port}${query}`;

function open(url: string) {
  const transport = openSample(url, { connectMs: 20_000, greetingMs: 20_000, socketMs: 20_000 });
  onTestFinished(() => transport.close());
  return transport;
}

describe.runIf(needs('dovecot'))('Dovecot, which wants STARTTLS and a login', () => {
  test.each([
    ['where its authority is named', `?ca=${encodeURIComponent(caFile)}`],
    ['on this machine without a word of TLS', ''],
  ])('passes on the mail %s', async (_name, query) => {
    const { port, relay } = await start();
    await sendMessage(open(urlOf(port, undefined, query)), sampleMessage());
    expect(relay.mails).toMatchObject([{ from: 'no-reply@example.com', to: 'susan@example.com' }]);
  });

  test('gets no mail while its authority is not known and TLS is demanded', async () => {
    const { port, relay } = await start();
    const { details: failure } = await deliveryFailure(
      sendMessage(open(urlOf(port, undefined, '?tls=required')), sampleMessage()),
    );
    expect(failure).toMatchObject({ kind: 'connection', retryable: true });
    expect(failure.advice).toContain('?ca=FILE');
    expect(relay.mails).toEqual([]);
  });

  test('says that a password is wrong', async () => {
    const { port } = await start();
    const { details: failure } = await deliveryFailure(
      sendMessage(open(urlOf(port, 'reset:wrong@')), sampleMessage()),
    );
    expect(failure).toMatchObject({ kind: 'auth', retryable: true });
  });

  test('takes nothing without a login, and no recipient is blamed for it', async () => {
    const { port, relay } = await start();
    const { details: failure } = await deliveryFailure(sendMessage(open(urlOf(port, '')), sampleMessage()));
    expect(failure).toMatchObject({ kind: 'auth', retryable: true });
    expect(relay.mails).toEqual([]);
  });

  test('says of the recipient and of the quota what the server behind it says', async () => {
    const answers = ['550 5.1.1 no such user', '550 5.4.5 Daily user sending quota exceeded'];
    const { port } = await start({ RCPT: ({ times }) => answers[times - 1] });
    const transport = open(urlOf(port));
    const kinds = [];
    for (let index = 0; index < answers.length; index += 1)
      kinds.push((await deliveryFailure(sendMessage(transport, sampleMessage()))).details.kind);
    expect(kinds).toEqual(['refused', 'quota']);
  });

  test('gets nothing for an address beyond ASCII, which it does not take', async () => {
    const { port, relay } = await start();
    const { details: failure } = await deliveryFailure(
      sendMessage(open(urlOf(port)), sampleMessage({ to: '用户@example.com' })),
    );
    expect(failure).toMatchObject({ kind: 'refused', retryable: false });
    expect(relay.lines.filter((line) => line.startsWith('MAIL'))).toEqual([]);
  });

  test('is checked by doctor as it is used to send', async () => {
    const { port } = await start();
    const { app, close } = await createTestApp({ config: { 'mail.url': urlOf(port) } });
    onTestFinished(close);
    const findings = await checkMail({ config: app.config, clock: app.clock });
    expect(findings).toMatchObject([
      { status: 'ok', message: `127.0.0.1:${port} answers (TLS, login as reset)` },
      { status: 'ok' },
    ]);
  });
});
