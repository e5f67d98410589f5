import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { composeReset } from '../../src/mail/compose.ts';
import * as send from '../../src/mail/send.ts';
import * as opening from '../../src/mail/transport.ts';
import type { Timeouts, Transport } from '../../src/mail/transport-contract.ts';
import { createRenderer } from '../../src/render/render-template.ts';
import { importBuilt } from '../helpers/import-built.ts';
import { openSample, sampleLink, sampleMessage, sampleReset, usualHeaders } from '../helpers/mail-input.ts';
import {
  caFile,
  startMailbox,
  startSilentServer,
  type Mailbox,
  type MailboxOptions,
} from '../helpers/mailbox.ts';
import { deliveryFailure } from '../helpers/rejection.ts';
import { removeFolder } from '../helpers/temporary-folder.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function mailbox(options: MailboxOptions = {}): Promise<Mailbox> {
  const started = await startMailbox(options);
  closers.push(() => started.close());
  return started;
}

interface Modules extends Pick<typeof opening, 'openTransport'>, Pick<typeof send, 'sendMessage'> {
  readonly isBulk: boolean;
}

const sources: Modules = { ...opening, ...send, isBulk: false };
// Only the built program starts threads.
const built: Modules = {
  ...(await importBuilt<typeof opening>('mail/transport')),
  ...(await importBuilt<typeof send>('mail/send')),
  isBulk: true,
};
let used = sources;
const sendMessage: typeof send.sendMessage = (...args) => used.sendMessage(...args);

function transport(url: string, timeouts: Partial<Timeouts> = {}, connections = 2): Transport {
  const opened = openSample(url, timeouts, { connections, ...used });
  closers.push(() => opened.close());
  return opened;
}

describe.each([
  ['of this thread', sources],
  ['of a thread of its own', built],
])('by the pool %s', (_name, modules) => {
  beforeEach(() => {
    used = modules;
  });
  afterEach(() => {
    used = sources;
  });

  describe('a mail over SMTP', () => {
    it('arrives in both parts, with its own Message-ID, and the reply is reported', async () => {
      const box = await mailbox();
      const message = composeReset(createRenderer(), sampleReset);
      const accepted = await sendMessage(transport(box.url), message);
      expect(accepted).toEqual({ reply: '250 taken', messageId: message.messageId });
      const [received] = await box.waitFor(1);
      expect(received?.envelope).toEqual({ from: 'no-reply@example.com', to: ['susan@example.com'] });
      expect(received?.parsed.messageId).toBe(message.messageId);
      expect(received?.parsed.text?.split('\n')).toContain(sampleLink);
      expect(received?.parsed.html).toContain(sampleLink);
    });

    it('arrives whole where a line begins with a dot or ends with less than CRLF', async () => {
      const box = await mailbox();
      const text = '.\n..\rone\r.\rtwo\n.three é\n\n.\n';
      for (let time = 0; time < 2; time += 1)
        await sendMessage(transport(box.url), sampleMessage({ text, html: '.<p>' }));
      for (const received of await box.waitFor(2)) {
        expect(received.parsed.text?.trimEnd()).toBe('.\n..\none\n.\ntwo\n.three é\n\n.');
        expect(received.parsed.html).toBe('.<p>');
      }
    });

    it('R66: carries exactly the headers that are meant to be there', async () => {
      const box = await mailbox();
      await sendMessage(
        transport(box.url),
        composeReset(createRenderer(), { ...sampleReset, name: 'Eve\r\nBcc: x@y.test' }),
      );
      const [received] = await box.waitFor(1);
      const head = received?.raw.split('\r\n\r\n')[0] ?? '';
      expect([...head.matchAll(/^([\w-]+):/gm)].map((match) => match[1])).toEqual([
        'Auto-Submitted',
        'X-Auto-Response-Suppress',
        'X-Entity-Ref-ID',
        ...usualHeaders,
      ]);
    });

    it('goes over a few connections, many mails each', async () => {
      const box = await mailbox();
      const out = transport(box.url, {}, 3);
      const sending = Array.from({ length: 60 }, (_, index) =>
        sendMessage(out, sampleMessage({ to: `user${index}@example.com` })),
      );
      expect(await Promise.all(sending)).toHaveLength(60);
      expect(new Set(box.messages.flatMap(({ envelope }) => envelope.to)).size).toBe(60);
    });

    it('signs in with percent-encoded credentials', async () => {
      const box = await mailbox({ auth: { user: 'me@example.com', password: 'p@ss/w:rd%' } });
      const url = box.url.replace(
        '://',
        `://${encodeURIComponent('me@example.com')}:${encodeURIComponent('p@ss/w:rd%')}@`,
      );
      await expect(transport(url).verify()).resolves.toHaveProperty('reply');
      await expect(sendMessage(transport(url), sampleMessage())).resolves.toHaveProperty(
        'reply',
        '250 taken',
      );
    });
  });

  describe('a mail that is not taken', () => {
    it('is final when the server says 550, with its words', async () => {
      const box = await mailbox({ onRcpt: () => ({ code: 550, text: 'no such mailbox' }) });
      const { code, message, details } = await deliveryFailure(
        sendMessage(transport(box.url), sampleMessage()),
      );
      expect(code).toBe('delivery_failed');
      expect(details).toEqual({
        advice: expect.any(String),
        kind: 'refused',
        retryable: false,
        reply: '550 no such mailbox',
        responseCode: 550,
      });
      expect(message).toContain('550 no such mailbox');
    });

    it('may be tried again when the server says 450, and the connection goes on', async () => {
      const box = await mailbox({
        onRcpt: (to) => (to.startsWith('full') ? { code: 450, text: 'mailbox busy' } : undefined),
      });
      const out = transport(box.url, {}, 1);
      const { details } = await deliveryFailure(sendMessage(out, sampleMessage({ to: 'full@example.com' })));
      expect(details).toEqual({
        advice: expect.any(String),
        kind: 'temporary',
        retryable: true,
        reply: '450 mailbox busy',
        responseCode: 450,
      });
      await expect(sendMessage(out, sampleMessage())).resolves.toHaveProperty('reply', '250 taken');
    });

    it('recognises a refused sign-in, and never repeats the password', async () => {
      const box = await mailbox({ auth: { user: 'me', password: 'right' } });
      const error = await deliveryFailure(
        sendMessage(transport(box.url.replace('://', '://me:canary-wrong@')), sampleMessage()),
      );
      expect(error.details).toMatchObject({ kind: 'auth', retryable: true, responseCode: 535 });
      expect(JSON.stringify([error.message, error.details])).not.toContain('canary');
    });

    it('says that nobody listens', async () => {
      const { url, close } = await startSilentServer();
      await close();
      const { details } = await deliveryFailure(sendMessage(transport(url), sampleMessage()));
      expect(details).toMatchObject({ kind: 'connection', retryable: true, responseCode: null });
    });

    it('R70: gives a server that never speaks up after the greeting time', async () => {
      const silent = await startSilentServer();
      closers.push(() => silent.close());
      const started = performance.now();
      const { details } = await deliveryFailure(
        sendMessage(transport(silent.url, { greetingMs: 200 }), sampleMessage()),
      );
      expect(details).toMatchObject({ kind: 'connection', retryable: true });
      expect(performance.now() - started).toBeLessThan(8000); // the usual patience is 30 s
    });

    it('may have arrived when the server hangs after the mail', async () => {
      const box = await mailbox({ delayMs: 2000 });
      const { details } = await deliveryFailure(
        sendMessage(transport(box.url, { socketMs: 200 }), sampleMessage()),
      );
      expect(details).toMatchObject({ kind: 'lost', retryable: true });
    });

    it('may have arrived when the connection breaks after the mail', async () => {
      const box = await mailbox({ dropAt: 'data' });
      const { details } = await deliveryFailure(sendMessage(transport(box.url), sampleMessage()));
      expect(details).toMatchObject({ kind: 'lost', retryable: true });
      expect(box.messages).toHaveLength(1);
    });

    it('has not arrived when the connection breaks before the mail', async () => {
      const box = await mailbox({ dropAt: 'rcpt' });
      const { details } = await deliveryFailure(sendMessage(transport(box.url), sampleMessage()));
      expect(details).toMatchObject({ kind: 'connection', retryable: true });
      expect(box.messages).toHaveLength(0);
    });
  });

  describe('R70: TLS', () => {
    it.each(['starttls', 'wrapped'] as const)(
      'refuses a certificate that nobody vouches for (%s)',
      async (tls) => {
        const box = await mailbox({ tls });
        const { details, message } = await deliveryFailure(
          sendMessage(transport(`${box.url}?tls=required`), sampleMessage()),
        );
        expect(details).toMatchObject({ kind: 'connection' });
        expect(message).toContain('?ca=FILE');
        expect(box.messages).toHaveLength(0);
      },
    );

    it.each(['starttls', 'wrapped'] as const)('accepts it once its authority is named (%s)', async (tls) => {
      const box = await mailbox({ tls });
      const out = transport(`${box.url}?ca=${encodeURIComponent(caFile)}`);
      await expect(sendMessage(out, sampleMessage())).resolves.toHaveProperty('reply', '250 taken');
    });

    it('sends nothing to a server without STARTTLS where it is required', async () => {
      const box = await mailbox();
      const { details } = await deliveryFailure(
        sendMessage(transport(`${box.url}?tls=required`), sampleMessage()),
      );
      expect(details).toMatchObject({ kind: 'connection' });
      expect(box.messages).toHaveLength(0);
    });
  });

  describe('R70: content', () => {
    it('is never read from a file', async () => {
      const box = await mailbox();
      const html = { path: '/etc/hostname' } as unknown as string;
      await expect(transport(box.url).send(sampleMessage({ html }))).rejects.toThrow('not text');
      expect(box.messages).toHaveLength(0);
    });
  });
});

test('only what is built starts threads, so that none runs what was built last', async () => {
  const inSources = await import('../../src/mail/smtp-thread.ts');
  const inBuild = await importBuilt<typeof inSources>('mail/smtp-thread');
  expect([inSources.canStartThreads, inBuild.canStartThreads]).toEqual([false, true]);
});

describe('a mail into a folder', () => {
  it('R80: is one whole .eml that only the owner can read', async () => {
    const root = await mkdtemp(join(tmpdir(), 'mail-'));
    closers.push(() => removeFolder(root));
    const folder = join(root, 'out');
    const umask = process.umask(0);
    const { reply } = await sendMessage(transport(`file:${folder}`), sampleMessage()).finally(() =>
      process.umask(umask),
    );
    expect(await readdir(folder)).toHaveLength(1);
    expect((await stat(reply)).mode & 0o777).toBe(0o600);
    expect((await simpleParser(await readFile(reply))).to).toMatchObject({ text: 'susan@example.com' });
  });

  it('fails with a code when the folder cannot be written', async () => {
    const root = await mkdtemp(join(tmpdir(), 'mail-'));
    closers.push(() => removeFolder(root));
    await writeFile(join(root, 'file'), '');
    const { code, details } = await deliveryFailure(
      sendMessage(transport(`file:${root}/file/out`), sampleMessage()),
    );
    expect(code).toBe('delivery_failed');
    expect(details).toMatchObject({ retryable: true });
  });
});
