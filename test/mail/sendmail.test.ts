import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { expect, onTestFinished, test } from 'vitest';
import { detailsOf } from '../../src/errors.ts';
import { sendMessage } from '../../src/mail/send.ts';
import { openSample, sampleMessage } from '../helpers/mail-input.ts';
import { rejection } from '../helpers/rejection.ts';
import { removeFolderSync } from '../helpers/temporary-folder.ts';

/** A program in place of sendmail, which keeps what it is given and ends with this code. */
function makeProgram(
  code = 0,
  end = `exit ${code}`,
): { url: string; read: (name: 'args' | 'mail') => string } {
  const folder = mkdtempSync(join(tmpdir(), 'reset-sendmail-'));
  onTestFinished(() => removeFolderSync(folder));
  const program = join(folder, 'sendmail');
  const script = `#!/bin/sh\nprintf '%s\\n' "$@" > '${folder}/args'\ncat > '${folder}/mail'\n${end}\n`;
  writeFileSync(program, script);
  chmodSync(program, 0o755);
  return { url: `sendmail:${program}`, read: (name) => readFileSync(join(folder, name), 'utf8') };
}

async function failureOf(sending: Promise<unknown>) {
  return detailsOf(await rejection(sending), 'delivery_failed');
}

test.each([
  ['susan@example.com', 'susan@example.com'],
  ['susan@bücher.example', 'susan@xn--bcher-kva.example'],
  ['用户@example.com', '用户@example.com'],
])('a mail to %s is handed to the program, with sender and recipient as its arguments', async (to, said) => {
  const { url, read } = makeProgram();
  const transport = openSample(url);
  await transport.verify();
  const message = sampleMessage({ to, envelopeFrom: 'bounces@example.com', text: 'Text\n.\nmore\n' });
  const { reply, messageId } = await sendMessage(transport, message);
  expect(read('args').trim().split('\n')).toEqual(['-i', '-f', 'bounces@example.com', said]);
  expect(reply).toContain(url.slice('sendmail:'.length));
  const mail = read('mail');
  expect(mail).not.toContain('\r');
  const parsed = await simpleParser(mail);
  expect([parsed.messageId, messageId]).toEqual([message.messageId, message.messageId]);
  expect(parsed.text).toContain('Text\n.\nmore');
  expect(mail).toContain(`To: ${said}\n`);
});

test.each([
  [67, 'refused', false],
  [75, 'temporary', true],
  [1, 'temporary', true],
])('a program that ends with %i has not taken the mail: %s', async (code, kind, retryable) => {
  const details = await failureOf(sendMessage(openSample(makeProgram(code).url), sampleMessage()));
  expect(details).toMatchObject({ kind, retryable });
});

test('a program that never ends is stopped, and may have taken the mail', async () => {
  const { url } = makeProgram(0, 'exec sleep 60');
  const details = await failureOf(sendMessage(openSample(url, { answerMs: 300 }), sampleMessage()));
  expect(details).toMatchObject({ kind: 'lost', retryable: true });
  expect(details.reply).toMatch(/sendmail did not end within 0\.3 s/);
});

test('a missing program is named, with advice', async () => {
  const details = await failureOf(sendMessage(openSample('sendmail:/nowhere/sendmail'), sampleMessage()));
  expect(details).toMatchObject({ kind: 'connection', retryable: true });
  expect(details.reply).toContain('/nowhere/sendmail');
  expect(details.advice).toContain('sendmail:/path/to/sendmail');
});

test('an address that begins like an option is not handed over', async () => {
  const { url } = makeProgram();
  const details = await failureOf(sendMessage(openSample(url), sampleMessage({ to: '-oQ/tmp@example.com' })));
  expect(details).toMatchObject({ kind: 'refused', retryable: false });
});
