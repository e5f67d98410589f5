import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { TLSSocket, type TLSSocketOptions } from 'node:tls';
import { onTestFinished } from 'vitest';

const CLIENT_SSL = 0x0800;

/** A database server on this machine, behind TLS with the certificate given, at another of its addresses. */
export async function startTlsProxy(
  url: string,
  address: string,
  certificate: Pick<TLSSocketOptions, 'key' | 'cert'>,
): Promise<string> {
  const real = new URL(url);
  const begin = real.protocol.startsWith('postgres') ? beginPostgres : beginMysql;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(real.port), real.hostname);
    for (const socket of [client, upstream]) sockets.add(socket.on('error', () => undefined));
    begin(client, upstream, () =>
      new TLSSocket(client, { isServer: true, ...certificate }).on('error', () => upstream.destroy()),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  );
  const target = new URL(url);
  target.host = `${address}:${String((server.address() as AddressInfo).port)}`;
  return target.href;
}

/** The client asks whether there is TLS (8 bytes); S is yes, and TLS begins. */
function beginPostgres(client: Socket, upstream: Socket, secure: () => TLSSocket): void {
  client.once('data', () => {
    client.write('S');
    const inner = secure();
    inner.pipe(upstream).pipe(inner);
  });
}

/**
 * The server's greeting says that there is TLS, and the client's first packet (36 bytes) that it wants it. The real
 * server never saw that packet, so until it has let the client in, the numbers of the packets are one apart.
 */
function beginMysql(client: Socket, upstream: Socket, secure: () => TLSSocket): void {
  upstream.once('data', (greeting) => {
    const capabilities = greeting.indexOf(0, 5) + 14;
    greeting.writeUInt16LE(greeting.readUInt16LE(capabilities) | CLIENT_SSL, capabilities);
    client.write(greeting);
    client.once('data', (request) => {
      client.pause();
      if (request.length > 36) client.unshift(request.subarray(36));
      const inner = secure();
      inner.once('data', (login: Buffer) => {
        login.writeUInt16LE(login.readUInt16LE(4) & ~CLIENT_SSL, 4);
        renumber(login, -1);
        upstream.write(login);
        upstream.once('data', (answer) => {
          renumber(answer, 1);
          inner.write(answer);
          inner.pipe(upstream).pipe(inner);
        });
      });
    });
  });
}

const renumber = (packet: Buffer, by: number): void => {
  packet.writeUInt8(packet.readUInt8(3) + by, 3);
};
