import { createServer, type Socket } from 'node:net';
import { nextPiece } from './smtp-pieces.ts';

/** What the server answers: a line (UTF-8), a line after a while, or a cut connection. */
export type Reply = string | { readonly line: string; readonly afterMs: number } | 'cut';

/** Where a conversation stands when the script is asked. */
export interface Moment {
  /** the line as it came; of DATA's end the whole mail */
  readonly line: string;
  /** counts connections from 1 */
  readonly connection: number;
  /** connections that are open now, this one included */
  readonly open: number;
  /** mails taken so far, over all connections */
  readonly taken: number;
  /** how often this verb was said so far over all connections, from 1 */
  readonly times: number;
}

export type Verb = 'greeting' | 'EHLO' | 'HELO' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'end' | 'RSET' | 'NOOP';

/** An answer other than the usual one; undefined: the usual one. */
export type Script = Partial<Record<Verb, (moment: Moment) => Reply | undefined>>;

export interface ScriptedOptions extends Script {
  /** further lines of the answer to EHLO, such as SMTPUTF8 */
  readonly offers?: readonly string[];
}

export interface ScriptedMail {
  readonly from: string;
  readonly to: string;
  /** the bytes between DATA and the dot */
  readonly raw: Buffer;
}

export interface ScriptedSmtp {
  readonly url: string;
  readonly port: number;
  readonly mails: readonly ScriptedMail[];
  /** every line that was said to it, without the mails themselves; UTF-8 */
  readonly lines: readonly string[];
  readonly connections: number;
  /** most connections at once */
  readonly mostOpen: number;
  close(): Promise<void>;
}

const USUAL: Readonly<Record<Verb, string>> = {
  greeting: '220 scripted ESMTP',
  EHLO: '250 scripted',
  HELO: '250 scripted',
  AUTH: '235 2.7.0 signed in',
  MAIL: '250 2.1.0 sender ok',
  RCPT: '250 2.1.5 recipient ok',
  DATA: '354 go on',
  end: '250 2.0.0 queued',
  RSET: '250 2.0.0 flushed',
  NOOP: '250 2.0.0 yes',
};

/** A mail server on loopback that is slow, full, choosy or broken on purpose: each answer can be another. */
export async function startScriptedSmtp(options: ScriptedOptions = {}): Promise<ScriptedSmtp> {
  const mails: ScriptedMail[] = [];
  const lines: string[] = [];
  const sockets = new Set<Socket>();
  const said = new Map<Verb, number>();
  let connections = 0;
  let mostOpen = 0;

  const server = createServer((socket) => {
    const connection = (connections += 1);
    sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)));
    mostOpen = Math.max(mostOpen, sockets.size);
    let text = '';
    let isData = false;
    let from = '';
    let to = '';
    let queue = Promise.resolve();

    const answer = async (verb: Verb, line: string): Promise<boolean> => {
      const times = (said.get(verb) ?? 0) + 1;
      said.set(verb, times);
      const moment = { line, connection, open: sockets.size, taken: mails.length, times };
      const reply = options[verb]?.(moment) ?? usual(verb);
      if (reply === 'cut') {
        socket.destroy();
        return false;
      }
      const text = typeof reply === 'string' ? reply : reply.line;
      if (typeof reply !== 'string') await new Promise((resolve) => setTimeout(resolve, reply.afterMs));
      socket.write(`${text}\r\n`);
      if (text.startsWith('421')) socket.end();
      return /^[23]/.test(text);
    };
    const usual = (verb: Verb): string => {
      if (verb !== 'EHLO' || !options.offers?.length) return USUAL[verb];
      return ['scripted', ...options.offers]
        .map((word, index, all) => `250${index === all.length - 1 ? ' ' : '-'}${word}`)
        .join('\r\n');
    };
    const obey = async (line: string): Promise<void> => {
      lines.push(line);
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === 'QUIT') return void socket.end('221 bye\r\n');
      if (verb === 'MAIL') from = /<(.*?)>/.exec(line)?.[1] ?? '';
      if (verb === 'RCPT') to = /<(.*?)>/.exec(line)?.[1] ?? '';
      isData = (await answer(verb as Verb, line)) && verb === 'DATA';
    };
    const take = async (raw: Buffer): Promise<void> => {
      isData = false;
      const mail = { from, to, raw };
      if (await answer('end', raw.toString())) mails.push(mail);
    };
    const read = async (): Promise<void> => {
      for (let next; !socket.destroyed && (next = nextPiece(text, isData)) !== undefined;) {
        const part = Buffer.from(next[0], 'latin1');
        text = next[1];
        await (isData ? take(part) : obey(part.toString()));
      }
    };
    queue = queue.then(() => answer('greeting', '')).then(() => undefined);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      queue = queue.then(read);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `smtp://127.0.0.1:${port}`,
    port,
    mails,
    lines,
    get connections() {
      return connections;
    },
    get mostOpen() {
      return mostOpen;
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
