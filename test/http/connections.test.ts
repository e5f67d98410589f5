import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { limitConnections, refusePipelines, type ConnectionLimits } from '../../src/http/connections.ts';

const open: Server[] = [];
const sockets: Socket[] = [];
const warnings: string[] = [];
const quiet = () => undefined;
const log = { debug: quiet, info: quiet, error: quiet, warn: (event: string) => void warnings.push(event) };

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of open.splice(0)) server.close();
});

const isTrusted = (address: string) => address === '127.0.0.9';

async function listen(limits: Partial<ConnectionLimits>): Promise<number> {
  const server = createServer();
  open.push(server);
  const sendAway = limitConnections(server, { log, isTrusted, ...limits });
  server.on(
    'request',
    refusePipelines((request, response) => {
      if (request.url !== '/slow') response.end('ok');
    }, sendAway),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

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
  const port = await listen({ perAddress: 20 });
  const many = (from: string) => Promise.all(Array.from({ length: 30 }, () => hold(port, from)));

  expect((await many('127.0.0.2')).filter(Boolean)).toHaveLength(20);
  expect(await hold(port, '127.0.0.3')).toBe(true);
  expect((await many('127.0.0.9')).filter(Boolean)).toHaveLength(30);
  expect(warnings).toEqual(['connections_refused']);

  for (const socket of sockets.splice(0)) socket.destroy();
  await expect.poll(() => hold(port, '127.0.0.2')).toBe(true);
});

it('R62: when there are too many, the address with the most loses its oldest, and nobody else', async () => {
  const port = await listen({ max: 30, perAddress: 20 });
  const connected = async (from: string, count: number) => {
    const some = Array.from({ length: count }, () =>
      connect({ port, host: '127.0.0.1', localAddress: from }),
    );
    sockets.push(...some);
    await Promise.all(some.map((socket) => once(socket.on('error', quiet).resume(), 'connect')));
    return some;
  };
  const isOpen = (socket: Socket) => !socket.destroyed && !socket.closed;
  const office = await connected('127.0.0.2', 5);
  const crowd = await connected('127.0.0.3', 20); // they never ask for anything
  for (let visitor = 10; visitor < 25; visitor += 1)
    expect(await hold(port, `127.0.0.${visitor}`)).toBe(true);
  await expect.poll(() => crowd.filter(isOpen)).toHaveLength(10);
  expect(crowd.map(isOpen)).toEqual([...Array<boolean>(10).fill(false), ...Array<boolean>(10).fill(true)]);
  expect(office.filter(isOpen)).toHaveLength(5);
});

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
const endless = `${get('/slow')}${get('/').repeat(1000)}`;

/** How many answers such requests get on one connection, which ends then. */
async function answersTo(port: number, localAddress: string, requests: string): Promise<number> {
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  sockets.push(socket);
  let text = '';
  socket.on('error', quiet).on('data', (data) => (text += data.toString()));
  socket.write(requests);
  await new Promise((resolve) => socket.once('close', resolve));
  return text.split('HTTP/1.1 200').length - 1;
}

it('R62: closes a connection on which requests are sent without end', async () => {
  const port = await listen({});
  const last = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
  expect(await answersTo(port, '127.0.0.2', `${get('/').repeat(3)}${last}`)).toBe(4);
  expect(await hold(port, '127.0.0.2')).toBe(true);
  expect(await answersTo(port, '127.0.0.2', endless)).toBe(0);
});

it('R62: hears nothing more of its address, and goes on with everybody else', async () => {
  const port = await listen({ notHeardMs: 600_000 });
  expect(await hold(port, '127.0.0.2')).toBe(true);
  const [served] = sockets;
  const some = Array.from({ length: 20 }, () => answersTo(port, '127.0.0.2', endless));
  expect(await Promise.all(some)).toEqual(Array<number>(20).fill(0));
  expect(await hold(port, '127.0.0.2')).toBe(false);
  expect(await hold(port, '127.0.0.3')).toBe(true);
  expect(served?.destroyed).toBe(false);
});

it('R62: hears it again after a moment', async () => {
  const port = await listen({});
  expect(await answersTo(port, '127.0.0.2', endless)).toBe(0);
  await expect.poll(() => hold(port, '127.0.0.2')).toBe(true);
});

it("R62: goes on with a proxy's other connections", async () => {
  const port = await listen({});
  expect(await answersTo(port, '127.0.0.9', endless)).toBe(0);
  expect(await hold(port, '127.0.0.9')).toBe(true);
});
