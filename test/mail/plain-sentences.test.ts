import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { detailsOf } from '../../src/errors.ts';
import { sendMessage } from '../../src/mail/send.ts';
import { labelReply, quoteReply } from '../../src/values/mail-reply.ts';
import { openSample, sampleMessage } from '../helpers/mail-input.ts';
import { startScriptedSmtp, type ScriptedOptions } from '../helpers/scripted-smtp.ts';
import { rejection } from '../helpers/rejection.ts';
import { removeFolder } from '../helpers/temporary-folder.ts';

async function serve(options: ScriptedOptions): Promise<string> {
  const server = await startScriptedSmtp(options);
  onTestFinished(() => server.close());
  return server.url;
}

/** A file where a folder should be. */
async function aFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'reset-mail-'));
  onTestFinished(() => removeFolder(folder));
  await writeFile(join(folder, 'taken'), '');
  return `file:${join(folder, 'taken', 'mailbox')}`;
}

/** What is wrong, how to get a URL where that is so, and the sentence that an operator reads. */
const FAULTS: readonly (readonly [string, () => Promise<string>, RegExp, string?])[] = [
  ['nothing listens', async () => 'smtp://127.0.0.1:1', /^Nothing listens at 127\.0\.0\.1:1\.$/],
  [
    'nothing listens on IPv6',
    async () => 'smtp://[::1]:1',
    /^(?:Nothing listens at|This machine has no route to) \[::1\]:1\.$/,
  ],
  [
    'no such host',
    async () => 'smtp://no-such-host.invalid?tls=none',
    /^There is no host called no-such-host\.invalid\.$|^The name no-such-host\.invalid could not be looked up/,
  ],
  [
    'no greeting',
    async () =>
      `${await serve({ greeting: () => ({ line: '220 late', afterMs: 8000 }) })}?greeting=1s&command=1s`,
    /^127\.0\.0\.1:\d+ (?:did not greet in time|does not answer)\.$/,
  ],
  [
    'a cut',
    () => serve({ MAIL: () => 'cut' }),
    /^127\.0\.0\.1:\d+ hung up in the middle of the conversation\.$/,
  ],
  [
    'TLS to a server without',
    async () => (await serve({})).replace('smtp:', 'smtps:'),
    /^127\.0\.0\.1:\d+ does not speak TLS from the first byte\.$/,
  ],
  ['a folder below a file', aFile, /^\/.*taken.* cannot be written: a part of its path is not a folder\.$/],
  ['no address', () => serve({}), /^The stored address "" is not one plain e-mail address\.$/, ''],
  [
    'a refusal',
    () => serve({ RCPT: () => '550 5.1.1 no such user' }),
    /^The mail server said: 550 5\.1\.1 no such user\.$/,
  ],
  ['a bare code', () => serve({ RCPT: () => '550' }), /^The mail server said: 550\.$/],
];

const cases = FAULTS.map(([name, find, says, to]) => ({ name, find, says, to }));

test.each(cases)('$name is explained in a sentence, no matter who reports it', async ({ find, says, to }) => {
  const transport = openSample(await find());
  onTestFinished(() => transport.close());
  const error = await rejection(sendMessage(transport, sampleMessage(to === undefined ? {} : { to })));
  const { reply = '' } = detailsOf(error, 'delivery_failed');
  expect(quoteReply(reply)).toMatch(says);
  expect((error as Error).message).not.toMatch(/\.\./);
});

test('an answer after a label names its place: a server, a file, or neither', () => {
  expect(labelReply('250 2.0.0 queued')).toBe('mail server: 250 2.0.0 queued');
  expect(labelReply('/var/mail/1.eml')).toBe('file: /var/mail/1.eml');
  expect(labelReply('Nothing listens at 127.0.0.1:1.')).toBe('Nothing listens at 127.0.0.1:1.');
});
