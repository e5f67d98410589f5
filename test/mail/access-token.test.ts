import { chmod, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import * as send from '../../src/mail/send.ts';
import * as opening from '../../src/mail/transport.ts';
import { importBuilt } from '../helpers/import-built.ts';
import { openSample, sampleMessage } from '../helpers/mail-input.ts';
import { startMailbox, type Mailbox } from '../helpers/mailbox.ts';
import { deliveryFailure, rejection } from '../helpers/rejection.ts';
import { removeFolder } from '../helpers/temporary-folder.ts';

const built = {
  ...(await importBuilt<typeof opening>('mail/transport')),
  ...(await importBuilt<typeof send>('mail/send')),
  isBulk: true,
};

let good: string;
let box: Mailbox;
let file: string;
beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reset-token-'));
  onTestFinished(() => removeFolder(folder));
  good = 'ya29.first';
  file = join(folder, 'token');
  box = await startMailbox({ tokens: { user: 'me@example.com', accepts: (token) => token === good } });
  onTestFinished(() => box.close());
});

/** As a timer would that asks the provider: whole or not at all. */
async function renew(content: string | Buffer): Promise<void> {
  await writeFile(`${file}.new`, content, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

describe.each([
  ['of this thread', { ...opening, ...send, isBulk: false }],
  ['of a thread of its own', built],
])('signing in with an access token, by the pool %s', (_name, modules) => {
  function open() {
    const login = `me%40example.com@127.0.0.1:${box.port}?auth=xoauth2&token=${encodeURIComponent(file)}`;
    const transport = openSample(`smtp://${login}`, {}, { connections: 1, ...modules });
    onTestFinished(() => transport.close());
    return { verify: () => transport.verify(), send: () => modules.sendMessage(transport, sampleMessage()) };
  }

  test('a token that is renewed between two connections is used', async () => {
    await renew('ya29.first\n');
    const { send: sendOne, verify } = open();
    await verify();
    await sendOne();
    good = 'ya29.second';
    await renew('ya29.second');
    box.hangUp();
    await sendOne();
    expect(box.messages).toHaveLength(2);
  });

  test('an expired token is refused with the way out, and works once it is renewed', async () => {
    await renew('ya29.canary');
    const { send: sendOne } = open();
    const { message, details } = await deliveryFailure(sendOne());
    expect(details).toMatchObject({ kind: 'auth', retryable: true, responseCode: 535 });
    expect(details.advice).toMatch(/may have expired.*Renew it in the file/);
    expect(message + JSON.stringify(details)).not.toContain('canary');
    await renew('ya29.first');
    await sendOne();
    expect(box.messages).toHaveLength(1);
  });

  test('a file that can no longer be read is named, and the mail may go later', async () => {
    await renew('ya29.first');
    const { send: sendOne } = open();
    await sendOne();
    box.hangUp();
    await rm(file);
    const { message, details } = await deliveryFailure(sendOne());
    expect(details).toMatchObject({ kind: 'auth', retryable: true });
    expect(message).toContain(`The secret file ${file} can't be read: it does not exist.`);
    await renew('ya29.first');
    await sendOne();
    expect(box.messages).toHaveLength(2);
  });

  test('a file that others can read is refused before a connection is made', async () => {
    await renew('ya29.first');
    await chmod(file, 0o644);
    expect(await rejection(open().send())).toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('chmod 600'),
    });
  });
});

test.each([
  ['an empty file', ''],
  ['two lines', 'ya29.first\nya29.second'],
  ["the provider's whole answer", '{"access_token":"ya29.first"}'],
  ['a token with a control character', 'ya29\u0001first'],
])('%s is refused, without what it holds', async (_name, content) => {
  await renew(content);
  const transport = openSample(`smtp://me@127.0.0.1:${box.port}?auth=xoauth2&token=${file}`);
  const error = await rejection(transport.verify());
  expect(error).toMatchObject({ code: 'config_invalid', message: expect.stringContaining(file) });
  expect((error as Error).message).not.toContain('ya29');
});

test.each([
  ['UTF-16, as PowerShell writes it', Buffer.from('\ufeffya29.first\r\n', 'utf16le')],
  ['a byte order mark', '\ufeffya29.first\r\n'],
])('a token file with %s is read', async (_name, content) => {
  await renew(content);
  const transport = openSample(`smtp://me%40example.com@127.0.0.1:${box.port}?auth=xoauth2&token=${file}`);
  onTestFinished(() => transport.close());
  await send.sendMessage(transport, sampleMessage());
  expect(box.messages).toHaveLength(1);
});
