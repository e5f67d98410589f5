import diagnostics from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Bytes as they are over a socket of its own, and what comes back until the other side closes. */
export function sendRaw(
  target: { port: number } | { path: string },
  text: string,
  timeoutMs = 30_000,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = 'path' in target ? connect(target.path) : connect(target.port, '127.0.0.1');
    let received = '';
    socket.setTimeout(timeoutMs, () =>
      socket.destroy(new Error(`no end within ${timeoutMs} ms: ${received.slice(0, 80)}`)),
    );
    socket.on('data', (chunk) => (received += chunk.toString('utf8')));
    socket.on('error', (error) => (received === '' ? reject(error) : resolve(parse(received))));
    socket.on('close', () => {
      resolve(parse(received));
    });
    socket.on('connect', () => socket.write(text));
  });
}

/** A connection that says this much and then waits. */
export function openSlowly(port: number, text: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(text);
      resolve(socket);
    });
    socket.once('error', reject);
  });
}

/** The moment when a server of this process has read the headers of a request for this path. */
export function nextRequest(path: string): Promise<void> {
  return new Promise((resolve) => {
    const listen = (message: unknown): void => {
      if ((message as { request: IncomingMessage }).request.url !== path) return;
      diagnostics.unsubscribe('http.server.request.start', listen);
      resolve();
    };
    diagnostics.subscribe('http.server.request.start', listen);
  });
}

function parse(received: string): RawAnswer {
  const end = received.indexOf('\r\n\r\n');
  const [first = '', ...lines] = received.slice(0, Math.max(end, 0)).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  );
  return { status: Number(first.split(' ')[1]), headers, body: received.slice(end + 4) };
}
