import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { limitConnections } from '../../src/http/connections.ts';

const server = createServer((_request, response) => response.end('ok'));
const sockets: Socket[] = [];
const warnings: string[] = [];
const quiet = () => undefined;
const log = { debug: quiet, info: quiet, error: quiet, warn: (event: string) => void warnings.push(event) };

afterEach(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

/** Does a connection from this address stay open? */
const hold = (port: number, localAddress: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress });
    sockets.push(socket);
    socket.on('error', quiet);
    socket.once('close', () => {
      resolve(false);
    });
    socket.once('connect', () => {
      socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    });
    socket.once('data', () => {
      resolve(true);
    });
  });

it('R62: one address can hold its share of the connections, and the others still get theirs', async () => {
  limitConnections(server, { log, perAddress: 20, isTrusted: (address) => address === '127.0.0.9' });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const many = (from: string) => Promise.all(Array.from({ length: 30 }, () => hold(port, from)));

  expect((await many('127.0.0.2')).filter(Boolean)).toHaveLength(20);
  expect(await hold(port, '127.0.0.3')).toBe(true);
  expect((await many('127.0.0.9')).filter(Boolean)).toHaveLength(30);
  expect(warnings).toEqual(['connections_refused']);

  for (const socket of sockets.splice(0)) socket.destroy();
  await expect.poll(() => hold(port, '127.0.0.2')).toBe(true);
});
