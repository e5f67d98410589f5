import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { detailsOf, isResetError } from '../../src/errors.ts';
import { sendMessage } from '../../src/mail/send.ts';
import { openSample, sampleMessage } from '../helpers/mail-input.ts';
import {
  caFile,
  expiredCertFile,
  otherNameCertFile,
  startMailbox,
  type MailboxOptions,
} from '../helpers/mailbox.ts';
import { removeFolderSync } from '../helpers/temporary-folder.ts';

function send(url: string): Promise<unknown> {
  const transport = openSample(url);
  onTestFinished(() => transport.close());
  return sendMessage(transport, sampleMessage());
}

const errorOf = (sending: Promise<unknown>): Promise<unknown> =>
  sending.then(
    () => undefined,
    (error: unknown) => error,
  );

const option = (name: string, path: string): string => `?${name}=${encodeURIComponent(path)}`;

describe('when the connection fails, the advice names the way out', () => {
  test.each<[string, MailboxOptions, (port: number) => string, RegExp]>([
    [
      'a certificate that nobody knows',
      { tls: 'starttls' },
      (port) => `smtp://127.0.0.1:${port}?tls=required`,
      /Add the authority with \?ca=FILE/,
    ],
    [
      'an expired certificate',
      { tls: 'starttls', certFile: expiredCertFile },
      (port) => `smtp://127.0.0.1:${port}${option('ca', expiredCertFile)}`,
      /Renew the certificate.*\?ca=FILE does not help/,
    ],
    [
      'an expired certificate, TLS from the first byte',
      { tls: 'wrapped', certFile: expiredCertFile },
      (port) => `smtps://localhost:${port}${option('ca', expiredCertFile)}`,
      /Renew the certificate/,
    ],
    [
      'a certificate for another host',
      { tls: 'starttls', certFile: otherNameCertFile },
      (port) => `smtp://localhost:${port}${option('ca', otherNameCertFile)}`,
      /Use the name in the certificate/,
    ],
    [
      'smtp:// to a port that speaks TLS at once',
      { tls: 'wrapped' },
      (port) => `smtp://127.0.0.1:${port}?tls=required&greeting=1s`,
      /At port 465 write smtps:\/\//,
    ],
    [
      'smtps:// to a port that begins in plain text',
      { tls: 'starttls' },
      (port) => `smtps://127.0.0.1:${port}`,
      /Write smtp:\/\/ \(usually port 587\) instead of smtps/,
    ],
    [
      'a server without STARTTLS',
      {},
      (port) => `smtp://127.0.0.1:${port}?tls=required`,
      /no STARTTLS: write smtps/,
    ],
    [
      'a host that is not known',
      {},
      () => 'smtp://mail.nowhere.invalid?tls=none&connect=20s',
      /Check the host in mail\.url/,
    ],
  ])('%s', async (_name, options, urlOf, advice) => {
    const box = await startMailbox(options);
    onTestFinished(() => box.close());
    const details = detailsOf(await errorOf(send(urlOf(box.port))), 'delivery_failed');
    expect(details).toMatchObject({ kind: 'connection', retryable: true });
    expect(details.advice).toMatch(advice);
    expect(box.messages).toEqual([]);
  });
});

describe('?ca=FILE', () => {
  const pem = readFileSync(caFile, 'utf8');
  const useless: readonly (readonly [string, string | Buffer])[] = [
    ['an empty file', ''],
    ['half a certificate', pem.slice(0, pem.length / 2)],
    ['a private key', readFileSync(caFile.replace('.cert.', '.key.'), 'utf8')],
    ['a certificate of noise', '-----BEGIN CERTIFICATE-----\nbm9pc2U=\n-----END CERTIFICATE-----\n'],
  ];

  test.each(useless)('is refused before anything is sent when it is %s', async (_name, content) => {
    const error = await errorOf(send(`smtp://127.0.0.1:9${option('ca', write(content))}`));
    expect(error).toMatchObject({ code: 'config_invalid' });
    expect(isResetError(error) && error.message).toMatch(/holds no certificate \(PEM\). Name the file/);
  });

  test('is refused when it does not exist', async () => {
    const error = await errorOf(send(`smtp://127.0.0.1:9${option('ca', '/nowhere/ca.pem')}`));
    expect(error).toMatchObject({ code: 'config_invalid' });
    expect(isResetError(error) && error.message).toContain('/nowhere/ca.pem');
  });

  test('does not shut out the authorities of NODE_EXTRA_CA_CERTS', async () => {
    vi.stubEnv('NODE_EXTRA_CA_CERTS', caFile);
    onTestFinished(() => void vi.unstubAllEnvs());
    const box = await startMailbox({ tls: 'starttls' });
    onTestFinished(() => box.close());
    await send(`smtp://127.0.0.1:${box.port}${option('ca', otherNameCertFile)}`);
    expect(box.messages).toHaveLength(1);
  });

  const written = pem.replaceAll('\n', '\r\n');
  test.each([
    ['as DER', new X509Certificate(pem).raw],
    ['with the line ends of Windows', written],
    ['in UTF-16', Buffer.from(`\ufeff${pem}`, 'utf16le')],
    ['after a byte order mark', `\ufeff${written}`],
    ['among other certificates', readFileSync(expiredCertFile, 'utf8') + pem],
    ['after a line about it', `The mail server's authority:\n${pem}`],
  ])('is read %s', async (_name, content) => {
    const box = await startMailbox({ tls: 'starttls' });
    onTestFinished(() => box.close());
    await send(`smtp://127.0.0.1:${box.port}${option('ca', write(content))}`);
    expect(box.messages).toHaveLength(1);
  });
});

function write(content: string | Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), 'reset-ca-'));
  onTestFinished(() => removeFolderSync(folder));
  const path = join(folder, 'authority.pem');
  writeFileSync(path, content);
  return path;
}
