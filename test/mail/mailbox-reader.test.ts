import { createServer as createSecureServer } from 'node:https';
import { createServer, type RequestListener, type Server } from 'node:http';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isResetError } from '../../src/errors.ts';
import { openMailboxReader } from '../../src/mail/mailbox-reader.ts';

const id = '<1234@example.com>';
const source = `Message-ID: ${id}\r\nFrom: a@example.com\r\nTo: susan@example.com\r\nSubject: Hello\r\n\r\nText\r\n`;

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const start = async (answer: RequestListener): Promise<number> => listen(createServer(answer));

const json =
  (value: unknown): RequestListener =>
  (_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
  };

const mailpit: RequestListener = (request, response) => {
  if (request.url?.endsWith('/raw')) response.end(source);
  else json({ total: 1, messages: [{ ID: 'a', MessageID: id.slice(1, -1) }] })(request, response);
};

const other = { Content: { Headers: { Subject: ['Spam'] } }, Raw: { Data: 'Subject: Spam\r\n\r\n' } };
const mailhog = json([other, { Content: { Headers: { 'Message-ID': [id] } }, Raw: { Data: source } }]);

/** Lets in who signs in with this login. */
const behind =
  (login: string, answer: RequestListener): RequestListener =>
  (request, response) => {
    const given = Buffer.from(String(request.headers.authorization).replace(/^Basic /, ''), 'base64');
    if (given.toString() === login) answer(request, response);
    else response.writeHead(401, { 'www-authenticate': 'Basic' }).end();
  };

describe('a mail is found in a catcher with', () => {
  test.each<[string, RequestListener, string]>([
    ['the API of Mailpit', mailpit, ''],
    ['the API of MailHog', mailhog, ''],
    ['a login', behind('susan:secret', mailpit), 'susan:secret@'],
    ['a login that has odd letters', behind('susan:p@/:#ß', mailhog), 'susan:p%40%2F%3A%23%C3%9F@'],
  ])('%s', async (_name, answer, login) => {
    const port = await start(answer);
    const mail = await openMailboxReader(`http://${login}127.0.0.1:${port}/`).waitFor(id, 2000);
    expect(mail).toMatchObject({ subject: 'Hello', to: 'susan@example.com' });
  });
});

const canary = 'canary-of-the-mailbox';
/** Everything that an error carries, as a log or a debugger would show it. */
function anatomy(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const details = isResetError(error) ? JSON.stringify(error.details) : '';
  return [error.message, error.stack, details, anatomy(error.cause ?? '')].join('\n');
}

async function failureOf(url: string, timeoutMs = 60_000): Promise<Error> {
  try {
    await openMailboxReader(url).waitFor(id, timeoutMs);
  } catch (error) {
    return error as Error;
  }
  throw new Error('The mail was found.');
}

describe('a mailbox that cannot be read says why at once, and never its password:', () => {
  test.each<[string, RequestListener, RegExp]>([
    ['a wrong login', behind('susan:another', mailpit), /refuses the user or password of --mailbox \(401\)/],
    [
      'a page instead of a list',
      (_, response) => response.end('<html>'),
      /neither Mailpit's API nor MailHog's/,
    ],
    ['another list', json([{ id: 1 }]), /neither Mailpit's API nor MailHog's/],
    ['another object', json({ items: [] }), /neither Mailpit's API nor MailHog's/],
    ['no such address', (_, response) => response.writeHead(404).end(), /\/api\/v1\/messages answers 404/],
    ['an error', (_, response) => response.writeHead(503).end(), /answers 503/],
    ['a connection that is cut', (request) => request.socket.destroy(), /hung up in the middle/],
  ])('%s', async (_name, answer, says) => {
    const error = await failureOf(`http://susan:${canary}@127.0.0.1:${await start(answer)}`);
    expect(error.message).toMatch(says);
    expect(anatomy(error)).not.toContain(canary);
  });

  test.each<[string, string, RegExp]>([
    ['nothing listens', '127.0.0.1:2', /Nothing listens at http:\/\/127\.0\.0\.1:2\./],
    ['a port of another protocol', '127.0.0.1:9', /HTTP clients refuse the port/],
    [
      'no such host',
      'no-such-host.invalid',
      /There is no host called no-such-host\.invalid\.|name service does not/,
    ],
    ['a query', `127.0.0.1:9/?token=${canary}`, /has a query/],
    ['a slash in the password', `susan:${canary}/x@127.0.0.1`, /write \/ as %2F/],
    ['a stray percent sign', `susan:${canary}%@127.0.0.1`, /starts no escape/],
  ])('%s', async (_name, rest, says) => {
    const login = rest.includes('@') ? '' : `susan:${canary}@`;
    const error = await failureOf(`http://${login}${rest}`);
    expect(error.message).toMatch(says);
    expect(anatomy(error)).not.toContain(canary);
  });

  test.each(['imap://127.0.0.1', 'file:', 'mailbox', `susan:${canary}@127.0.0.1`])('%s', async (url) => {
    const error = await failureOf(url);
    expect(error).toMatchObject({ code: 'usage_invalid' });
    expect(anatomy(error)).not.toContain(canary);
  });

  test('a certificate from an authority that is not known, with the way out', async () => {
    const [key, cert] = ['key', 'cert'].map((part) =>
      readFileSync(`test/fixtures/tls/localhost.${part}.pem`),
    );
    const options = { key, cert };
    const port = await listen(createSecureServer(options, mailpit));
    const error = await failureOf(`https://susan:${canary}@127.0.0.1:${port}`);
    expect(error.message).toMatch(/an authority that this machine does not know.*NODE_EXTRA_CA_CERTS/);
    expect(anatomy(error)).not.toContain(canary);
  });
});

test('a mail that does not come is named with the mailbox, without its login', async () => {
  const port = await start(json({ messages: [] }));
  const error = await failureOf(`http://susan:${canary}@127.0.0.1:${port}`, 0);
  expect(error.message).toBe(`The mail ${id} did not arrive in http://127.0.0.1:${port} within 0 s.`);
});
