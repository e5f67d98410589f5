import { createSocket } from 'node:dgram';
import { getServers, setServers } from 'node:dns';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import { openSocket } from '../../src/mail/open-socket.ts';
import { sendMessage } from '../../src/mail/send.ts';
import { openSample, sampleMessage } from '../helpers/mail-input.ts';
import { startMailbox } from '../helpers/mailbox.ts';

/** Never answers, and records who connects. */
async function startNameServer(): Promise<{ readonly address: string; asked(): number }> {
  let count = 0;
  const socket = createSocket('udp4').on('message', () => (count += 1));
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  onTestFinished(() => void socket.close());
  return { address: `127.0.0.1:${socket.address().port}`, asked: () => count };
}

test('a name is looked up as the machine does it, /etc/hosts first, and no name server is asked past it', async () => {
  const before = getServers();
  const dns = await startNameServer();
  setServers([dns.address]);
  onTestFinished(() => setServers(before));
  const box = await startMailbox();
  onTestFinished(() => box.close());
  const transport = openSample(`smtp://localhost:${box.port}`);
  onTestFinished(() => transport.close());
  await sendMessage(transport, sampleMessage());
  expect([box.messages.length, dns.asked()]).toEqual([1, 0]);
});

const other = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address;

test.runIf(other !== undefined)(
  'a server with an unchecked certificate is on a loopback address',
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
