import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { sendMessage } from '../../src/mail/send.ts';
import type { Timeouts } from '../../src/mail/transport-contract.ts';
import { openSample, sampleMessage, usualHeaders } from '../helpers/mail-input.ts';
import {
  startScriptedSmtp,
  type ScriptedOptions,
  type ScriptedSmtp,
  type Verb,
} from '../helpers/scripted-smtp.ts';
import { deliveryFailure } from '../helpers/rejection.ts';
import { removeFolder } from '../helpers/temporary-folder.ts';

async function start(options: ScriptedOptions = {}): Promise<ScriptedSmtp> {
  const server = await startScriptedSmtp(options);
  onTestFinished(() => server.close());
  return server;
}

function open(url: string, timeouts: Partial<Timeouts> = {}) {
  const transport = openSample(url, timeouts);
  onTestFinished(() => transport.close());
  return transport;
}

describe('who is at fault, by what the server answers', () => {
  test.each<[Verb, string, string]>([
    // about the recipient or this mail
    ['RCPT', '550 5.1.1 no such user', 'refused'],
    ['RCPT', '552 5.2.2 mailbox full, quota exceeded', 'refused'],
    ['RCPT', '452 4.2.2 the mailbox is over quota', 'temporary'],
    ['RCPT', '450 4.7.1 greylisted, try again in 5 minutes', 'temporary'],
    ['RCPT', '554 5.7.1 recipient address rejected: access denied', 'refused'],
    ['end', '554 5.6.0 message content refused', 'refused'],
    // about the sender
    ['MAIL', '553 5.1.8 sender domain does not exist', 'sender'],
    ['MAIL', '550 5.7.60 client does not have permissions to send as this sender', 'sender'],
    ['RCPT', '553 5.7.1 Sender address rejected: not owned by user', 'sender'],
    ['end', '554 5.2.252 SendAsDenied; not allowed to send as', 'sender'],
    ['EHLO', '550 HELO should be a host name', 'sender'],
    ['greeting', '554 5.7.1 no service for your address', 'sender'],
    ['MAIL', '530 5.7.0 authentication required', 'auth'],
    // about how much we send
    ['RCPT', '550 5.4.5 Daily user sending quota exceeded', 'quota'],
    ['end', '554 5.2.0 STOREDRV; SubmissionQuotaExceeded', 'quota'],
    ['MAIL', '454 Throttling failure: Daily message quota exceeded', 'quota'],
    ['end', '554 5.7.0 limit exceeded', 'quota'],
    ['RCPT', '451 4.7.1 too many messages, slow down', 'quota'],
    // about connections
    ['greeting', '421 4.3.2 too many concurrent connections', 'busy'],
    ['EHLO', '421 4.7.0 try again later', 'busy'],
    ['MAIL', '432 4.3.2 Concurrent connections limit exceeded', 'busy'],
    ['MAIL', '451 4.3.0 server is shutting down', 'busy'],
    ['RCPT', '421 4.4.2 closing connection', 'busy'],
  ])('%s: %s', async (verb, line, kind) => {
    const server = await start({
      [verb]: () => line,
      ...(verb === 'EHLO' ? { HELO: () => line } : {}),
    });
    const { details } = await deliveryFailure(sendMessage(open(server.url), sampleMessage()));
    expect(details.kind).toBe(kind);
    expect(details.retryable).toBe(kind !== 'refused');
  });
});

describe('a slow mail server', () => {
  test('may take its time over a whole mail, and the mail goes out once', async () => {
    const delays = [6000, 0]; // the first longer than the patience for a command
    const server = await start({
      end: () => ({ line: '250 2.0.0 queued', afterMs: delays.shift() ?? 0 }),
    });
    const transport = open(server.url, { greetingMs: 3000, socketMs: 300, answerMs: 60_000 });
    for (let index = 0; index < 2; index += 1)
      await expect(sendMessage(transport, sampleMessage())).resolves.toHaveProperty(
        'reply',
        '250 2.0.0 queued',
      );
    expect(server.mails).toHaveLength(2);
  });

  test('is given up in the middle of the conversation sooner', async () => {
    const server = await start({ RCPT: () => ({ line: '250 yes', afterMs: 5000 }) });
    const { details } = await deliveryFailure(
      sendMessage(open(server.url, { greetingMs: 1000, socketMs: 300, answerMs: 60_000 }), sampleMessage()),
    );
    expect(details.kind).toBe('connection');
  });

  test('greets late, when the URL says how long to wait', async () => {
    const server = await start({ greeting: () => ({ line: '220 at last', afterMs: 1500 }) });
    await sendMessage(open(`${server.url}?greeting=20s`), sampleMessage());
    expect(server.mails).toHaveLength(1);
  });
});

/** Valid addresses as people register them; the cut to a byte made CR, LF and colons of some letters. */
const addresses = [
  '用户@example.com',
  'xčĊBccĺvictim@example.com',
  'aĊĊbody@example.com',
  'jürgen@example.com',
  'अजय@example.com',
  'susan@bücher.example',
];

/** The header as it went over the wire. */
const headOf = (raw: Buffer): string => raw.toString().split('\r\n\r\n')[0] ?? '';
const namesIn = (head: string): string[] => [...head.matchAll(/^([\w-]+):/gm)].map(([, name]) => name ?? '');
const plain = ['Auto-Submitted', ...usualHeaders].sort();

const needsSmtputf8 = (to: string): boolean => /[^\0-\x7f]/.test(to.slice(0, to.indexOf('@')));

describe('a server that takes no such addresses', () => {
  test.each(addresses.filter(needsSmtputf8))('a mail to %s is refused before a byte is sent', async (to) => {
    const server = await start();
    const { details } = await deliveryFailure(sendMessage(open(server.url), sampleMessage({ to })));
    expect(details).toMatchObject({ kind: 'refused', retryable: false });
    expect(details.reply).toContain('does not accept addresses');
    expect(server.lines.filter((line) => /^(?:MAIL|RCPT|DATA)/.test(line))).toEqual([]);
  });

  test.each(addresses.filter((to) => !needsSmtputf8(to)))('a mail to %s goes out', async (to) => {
    const server = await start();
    await expect(sendMessage(open(server.url), sampleMessage({ to }))).resolves.toHaveProperty('reply');
  });
});

describe.each(addresses)('a mail to %s', (to) => {
  const needsUtf8 = needsSmtputf8(to);

  test('has one recipient and no header more, where the server takes such addresses', async () => {
    const server = await start({ offers: ['SMTPUTF8', '8BITMIME'] });
    await sendMessage(open(server.url), sampleMessage({ to }));
    const [mail] = server.mails;
    const head = headOf(mail?.raw ?? Buffer.alloc(0));
    expect(namesIn(head).sort()).toEqual(plain);
    expect(head).toContain(`\r\nTo: ${needsUtf8 ? to : 'susan@xn--bcher-kva.example'}\r\n`);
    expect(server.lines.some((line) => line.startsWith('MAIL FROM') && line.includes('SMTPUTF8'))).toBe(
      needsUtf8,
    );
  });

  test('is a file with one recipient and no header more', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'reset-mail-'));
    onTestFinished(() => removeFolder(folder));
    await sendMessage(open(`file:${folder}`), sampleMessage({ to }));
    const [file = ''] = await readdir(folder);
    const head = headOf(await readFile(join(folder, file)));
    expect(namesIn(head).sort()).toEqual(plain);
    expect(head).not.toMatch(/[^\r]\n|\r[^\n]/);
  });
});

test('sender, answers and bounces: names beyond ASCII are encoded, each address stands alone', async () => {
  const server = await start();
  const from = { name: 'Bücher "& Söhne", čĊ', address: 'no-reply@bücher.example' };
  const replyTo = { name: 'Hilfe ĺ', address: 'help@example.com' };
  await sendMessage(open(server.url), sampleMessage({ from, replyTo, envelopeFrom: 'bounces@example.com' }));
  const [mail] = server.mails;
  const head = headOf(mail?.raw ?? Buffer.alloc(0));
  expect(namesIn(head).sort()).toEqual([...plain, 'Reply-To'].sort());
  expect(head).toMatch(/^[\t\r\n -~]*$/);
  expect(head).toContain('<no-reply@xn--bcher-kva.example>');
  expect(mail?.from).toBe('bounces@example.com');
});
