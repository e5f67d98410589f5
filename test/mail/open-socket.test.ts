import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import { openSocket } from '../../src/mail/open-socket.ts';

const other = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address;

test.runIf(other !== undefined)(
  'a server whose certificate nobody looks at is on a loopback address',
  async () => {
    const server = createServer((socket) => socket.on('error', () => undefined));
    await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    const host = other ?? '';
    await expect(openSocket({ host, port, tls: 'offered' }, 5000)).rejects.toThrow('?tls=required');
    for (const [address, tls] of [
      ['127.0.0.1', 'offered'],
      [host, 'starttls'],
    ] as const)
      (await openSocket({ host: address, port, tls }, 5000)).destroy();
  },
);
