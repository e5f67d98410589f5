import { describe, expect, onTestFinished, test } from 'vitest';
import { sendMessage, type DeliveryFailure } from '../../src/mail/send.ts';
import { openTransport } from '../../src/mail/transport.ts';
import { Secret } from '../../src/values/secret.ts';
import { startExim } from '../helpers/exim.ts';
import { openSample, sampleMessage } from '../helpers/mail-input.ts';
import { caFile } from '../helpers/mailbox.ts';
import { needs } from '../helpers/needs.ts';
import { deliveryFailure } from '../helpers/rejection.ts';

function open(url: string, ehlo?: string) {
  const transport = openTransport({
    url: new Secret(url),
    connections: 1,
    clock: { now: () => Date.now() },
    ehlo,
  });
  onTestFinished(() => transport.close());
  return transport;
}

const login = { user: 'reset', password: 'right' };

describe.runIf(needs('exim'))('Exim', () => {
  test('takes a mail over each of several connections, for its recipient alone', async () => {
    const exim = await startExim();
    const transport = openSample(exim.url, { socketMs: 20_000, greetingMs: 20_000 }, { connections: 3 });
    onTestFinished(() => transport.close());
    const people = Array.from({ length: 9 }, (_, index) => `user${index}@example.com`);
    await Promise.all(people.map((to) => sendMessage(transport, sampleMessage({ to }))));
    const spooled = exim.spooled();
    expect(spooled.flatMap(({ recipients }) => recipients).sort()).toEqual(people);
    for (const { head, recipients } of spooled) expect(head).toContain(`To: ${recipients[0]}\n`);
  });

  test.each(['用户@example.com', 'xčĊBccĺvictim@example.com', 'jürgen@example.com'])(
    'takes a mail to %s where it offers SMTPUTF8',
    async (to) => {
      const exim = await startExim({ takesUtf8: true });
      await sendMessage(open(exim.url), sampleMessage({ to }));
      const [mail] = exim.spooled();
      expect(mail?.recipients).toEqual([to]);
      expect(mail?.head).toContain(`To: ${to}\n`);
      expect(mail?.head).not.toMatch(/^\d+.? *Bcc/m);
    },
  );

  test('gets nothing for an address beyond ASCII where it does not', async () => {
    const exim = await startExim();
    const { details: failure } = await deliveryFailure(
      sendMessage(open(exim.url), sampleMessage({ to: '用户@example.com' })),
    );
    expect(failure).toMatchObject({ kind: 'refused', retryable: false });
    expect(exim.spooled()).toEqual([]);
  });

  describe('that wants a host name in EHLO', () => {
    const helo = [
      'deny message = HELO should be a host name',
      'condition = ${if match{$sender_helo_name}{\\N^[a-z0-9-]+(\\.[a-z0-9-]+)+$\\N}{no}{yes}}',
    ];

    test('and gets none refuses us, and not the recipient', async () => {
      const exim = await startExim({ acl: { helo } });
      const { details: failure } = await deliveryFailure(
        sendMessage(open(exim.url, 'container'), sampleMessage()),
      );
      expect(failure).toMatchObject({ kind: 'sender', retryable: true, responseCode: 550 });
      expect(failure.reply).toContain('HELO should be a host name');
    });

    test('takes the mail with the name that was set', async () => {
      const exim = await startExim({ acl: { helo } });
      await sendMessage(open(exim.url, 'mail.example.com'), sampleMessage());
      expect(exim.spooled()).toHaveLength(1);
    });
  });

  describe('with a login after STARTTLS only', () => {
    // A relay that only accepts mails from clients that signed in.
    const acl = { rcpt: ['deny message = authentication required', '!authenticated = *'] };
    const withLogin = (port: number, password: string, query: string) =>
      `smtp://reset:${password}@127.0.0.1:${port}${query}`;

    test.each([
      ['where the authority is named', `?ca=${encodeURIComponent(caFile)}`],
      ['on this machine without a word of TLS', ''],
    ])('takes the mail %s', async (_name, query) => {
      const exim = await startExim({ login, acl });
      await sendMessage(open(withLogin(exim.port, 'right', query)), sampleMessage());
      expect(exim.spooled()[0]?.recipients).toEqual(['susan@example.com']);
    });

    test('says that a password is wrong', async () => {
      const exim = await startExim({ login, acl });
      const { details: failure } = await deliveryFailure(
        sendMessage(open(withLogin(exim.port, 'wrong', '')), sampleMessage()),
      );
      expect(failure).toMatchObject({ kind: 'auth', retryable: true, responseCode: 535 });
    });

    test('takes nothing without a login', async () => {
      const exim = await startExim({ login, acl });
      const { details: failure } = await deliveryFailure(sendMessage(open(exim.url), sampleMessage()));
      expect(failure.kind).toBe('sender');
    });
  });

  test('that has no more mails for us today is a quota, and nobody is refused', async () => {
    const limit = ['deny message = 5.4.5 Sending limit exceeded', 'ratelimit = 2 / 1d / strict / everybody'];
    const exim = await startExim({ acl: { rcpt: limit } });
    const transport = open(exim.url);
    const kinds = [];
    for (let index = 0; index < 3; index += 1)
      kinds.push(
        await sendMessage(transport, sampleMessage({ to: `user${index}@example.com` })).then(
          () => 'sent',
          (error: { details: DeliveryFailure }) => error.details.kind,
        ),
      );
    expect(kinds).toEqual(['sent', 'sent', 'quota']);
  });
});
