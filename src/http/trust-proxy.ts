import { BlockList, isIPv6 } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Log } from '../log.ts';
import { bareAddress } from '../values/network.ts';

/**
 * Networks that are trusted to name the visitor's address, in Fastify's form; false for none (R50). A client on a
 * Unix socket is on this machine, so it counts as 127.0.0.1. A hop may come with its port.
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
  return (hop = '127.0.0.1') => {
    const address = bareAddress(hop);
    return address !== undefined && list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  };
}

/** What else proxies write the visitor's address into; none of it is read. */
const OTHER_HEADERS = [
  'x-real-ip',
  'forwarded',
  'cf-connecting-ip',
  'true-client-ip',
  'x-client-ip',
] as const;

/** Says each once, when a visitor's address can't be known: all visitors would then share one limit. */
export function warnOfProxies(
  server: FastifyInstance,
  log: Log,
  isTrusted: false | ((address: string | undefined) => boolean),
): void {
  const said = new Set<string>();
  server.addHook('onRequest', (request, _reply, done) => {
    const found = isTrusted === false ? ofUntrusted(request) : ofTrusted(request, isTrusted);
    if (found !== undefined && !said.has(found.event)) {
      said.add(found.event);
      log.warn(found.event, {
        requestId: request.id,
        ip: request.socket.remoteAddress,
        message: found.message,
      });
    }
    done();
  });
}

interface Warning {
  readonly event: string;
  readonly message: string;
}

function ofUntrusted({ headers }: FastifyRequest): Warning | undefined {
  const name = ['x-forwarded-for', ...OTHER_HEADERS].find((header) => headers[header] !== undefined);
  if (name === undefined) return undefined;
  const message = `A request came with ${name}, which is not trusted. If your proxy sends it, name its network in server.trustProxy; else all visitors share one limit.`;
  return { event: 'proxy_not_trusted', message };
}

function ofTrusted(
  { headers, ip, socket }: FastifyRequest,
  isTrusted: (address: string | undefined) => boolean,
): Warning | undefined {
  if (!isTrusted(socket.remoteAddress)) return undefined;
  if (headers['x-forwarded-for'] === undefined) {
    const name = OTHER_HEADERS.find((header) => headers[header] !== undefined);
    if (name === undefined) return undefined; // a health check of the proxy itself
    const message = `The proxy sends ${name}, but only X-Forwarded-For is read. Make it send that as well; else all visitors share one limit.`;
    return { event: 'proxy_header_missing', message };
  }
  if (bareAddress(ip) !== undefined) return undefined;
  const message =
    'The proxy sends an X-Forwarded-For without an address. Its visitors share one limit until it does.';
  return { event: 'proxy_address_unreadable', message };
}
