import { BlockList, isIPv6 } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Log } from '../log.ts';

/**
 * Networks whose word about the visitor's address is believed, as Fastify asks it; false for none (R50). Who connects
 * over a Unix socket is on this machine, so it counts as 127.0.0.1.
 */
export function trustedProxies(
  networks: readonly string[] | undefined,
): false | ((address: string | undefined) => boolean) {
  if (networks === undefined || networks.length === 0) return false;
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return (address = '127.0.0.1') => list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** Says once that somebody in between is not believed: behind a proxy all visitors would then share one limit. */
export function warnOfUntrustedProxy(server: FastifyInstance, log: Log): void {
  let isTold = false;
  server.addHook('onRequest', (request, _reply, done) => {
    if (!isTold && request.headers['x-forwarded-for'] !== undefined) {
      isTold = true;
      const message =
        'A request came with X-Forwarded-For, which is not believed. If a proxy of yours sends it, name its network in server.trustProxy; else all visitors share one limit.';
      log.warn('proxy_not_trusted', { requestId: request.id, ip: request.ip, message });
    }
    done();
  });
}
