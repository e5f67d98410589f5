import { BlockList, isIPv6 } from 'node:net';

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
