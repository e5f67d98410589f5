import { readFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

const fixture = (name: string): URL => new URL(`../fixtures/tls/${name}`, import.meta.url);

/** The test servers' own certificate, valid for localhost and 127.0.0.1: nobody's authority knows it. */
export const caFile = fileURLToPath(fixture('localhost.cert.pem'));

/** Certificates like the valid one, except for the date or the name. */
export const expiredCertFile = fileURLToPath(fixture('expired.cert.pem'));
export const otherNameCertFile = fileURLToPath(fixture('other-name.cert.pem'));

/** One mail as it came in. */
export interface ReceivedMail {
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  /** DATA as it was sent */
  readonly raw: string;
  readonly parsed: ParsedMail;
  /** it came over TLS */
  readonly isEncrypted: boolean;
}

export interface MailboxOptions {
  /** an SMTP answer instead of 250: `{ code: 550, text: 'no such mailbox' }` */
  readonly onRcpt?: (address: string) => { readonly code: number; readonly text: string } | undefined;
  /** before DATA is answered */
  readonly delayMs?: number;
  /** `starttls` offers it, `wrapped` is TLS from the first byte; plain without */
  readonly tls?: 'starttls' | 'wrapped';
  /** its certificate, of the test servers' key; one for localhost without it */
  readonly certFile?: string;
  /** the only sign-in that is accepted; without it none is asked for */
  readonly auth?: { readonly user: string; readonly password: string };
  /** instead of passwords: signs in by XOAUTH2 and refuses as Google does, where `accepts` says no */
  readonly tokens?: { readonly user: string; accepts(token: string | undefined): boolean };
  /** when the connection is cut: in the middle of the conversation, or with the whole mail taken but not answered */
  readonly dropAt?: 'rcpt' | 'data';
}

export interface Mailbox {
  readonly url: string;
  readonly port: number;
  readonly messages: readonly ReceivedMail[];
  /** Resolves once `count` mails have come; rejects after `timeoutMs`. */
  waitFor(count: number, timeoutMs?: number): Promise<readonly ReceivedMail[]>;
  /** Ends every open connection without notice, as servers and firewalls do with idle ones. */
  hangUp(): void;
  close(): Promise<void>;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const smtpError = (code: number, text: string): Error =>
  Object.assign(new Error(text), { responseCode: code });

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Cuts the wire under a session, as a crash of the server does. */
function cut(server: SMTPServer, session: SMTPServerSession): void {
  for (const connection of server.connections as Set<{ session: { id: string }; _socket: Socket }>) {
    if (connection.session.id === session.id) connection._socket.destroy();
  }
}

/** A real SMTP server on loopback that keeps what it gets, and can refuse, stall and break. */
export async function startMailbox(options: MailboxOptions = {}): Promise<Mailbox> {
  const messages: ReceivedMail[] = [];
  const hasLogin = options.auth !== undefined || options.tokens !== undefined;
  const disabled = [...(options.tls === 'starttls' ? [] : ['STARTTLS']), ...(hasLogin ? [] : ['AUTH'])];
  const server: SMTPServer = new SMTPServer({
    secure: options.tls === 'wrapped',
    ...(options.tls && {
      key: readFileSync(fixture('localhost.key.pem')),
      cert: readFileSync(options.certFile ?? caFile),
    }),
    disabledCommands: disabled,
    authOptional: !hasLogin,
    ...(options.tokens && { authMethods: ['XOAUTH2'] }),
    allowInsecureAuth: options.tls === undefined,
    disableReverseLookup: true,
    closeTimeout: 100,
    onAuth(login, _session, callback) {
      if (options.tokens) {
        const { user, accepts } = options.tokens;
        const isGood = login.username === user && accepts(login.accessToken);
        return callback(null, isGood ? { user } : { data: { status: '400', schemes: 'bearer' } });
      }
      const isRight = login.username === options.auth?.user && login.password === options.auth?.password;
      if (isRight) callback(null, { user: login.username });
      else callback(smtpError(535, 'authentication credentials invalid'));
    },
    onRcptTo(address, session, callback) {
      if (options.dropAt === 'rcpt') return cut(server, session);
      const refusal = options.onRcpt?.(address.address);
      callback(refusal && smtpError(refusal.code, refusal.text));
    },
    async onData(stream, session, callback) {
      const raw = await readAll(stream).catch(() => undefined); // the client gave up in the middle
      if (raw === undefined) return;
      const { mailFrom, rcptTo } = session.envelope;
      const envelope = { from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address) };
      messages.push({ envelope, raw, parsed: await simpleParser(raw), isEncrypted: session.secure });
      if (options.dropAt === 'data') return cut(server, session);
      await pause(options.delayMs ?? 0);
      callback(null, 'taken');
    },
  });
  server.on('error', () => undefined); // cut connections; the tests look at the client's side
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as { port: number };
  const scheme = options.tls === 'wrapped' ? 'smtps' : 'smtp';
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    port,
    messages,
    async waitFor(count, timeoutMs = 60_000) {
      for (const end = Date.now() + timeoutMs; messages.length < count; await pause(10)) {
        if (Date.now() > end) throw new Error(`${messages.length} of ${count} mails came in ${timeoutMs} ms`);
      }
      return messages;
    },
    hangUp() {
      for (const { _socket } of server.connections as Set<{ _socket: Socket }>) _socket.destroy();
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** A port that accepts connections and never says anything. */
export async function startSilentServer(): Promise<{ url: string; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `smtp://127.0.0.1:${(server.address() as { port: number }).port}`,
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
