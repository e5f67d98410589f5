import { isIP, isIPv4 } from 'node:net';

/**
 * The address in what a proxy writes into `X-Forwarded-For`: some add a port (`203.0.113.7:51234`,
 * `[2001:db8::7]:51234`), brackets, quotes or a zone. Undefined for what holds no address.
 */
export function bareAddress(text: string | undefined): string | undefined {
  const written = text?.trim().replace(/^"(.*)"$/, '$1') ?? '';
  const inside = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(written)?.[1] ?? written;
  const address = inside.replace(/%[\w.-]+$/, '');
  if (isIP(address) !== 0) return address;
  const withoutPort = address.replace(/:\d{1,5}$/, '');
  return isIPv4(withoutPort) ? withoutPort : undefined;
}

/**
 * What shares a counter with this address: the address itself for IPv4, and the first `bits` (64 or 48) of IPv6,
 * which belong to one customer. An IPv4 address in IPv6 form is the plain one.
 */
export function networkOf(address: string, bits: 48 | 64 = 64): string {
  const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address)?.[1];
  if (mapped !== undefined || isIP(address) !== 6) return mapped ?? address;
  const [before = '', after = ''] = address.toLowerCase().split('::');
  const head = before === '' ? [] : before.split(':');
  const tail = after === '' ? [] : after.split(':');
  const middle = Array<string>(Math.max(0, 8 - head.length - tail.length)).fill('0');
  const groups = [...head, ...middle, ...tail].map((group) => Number.parseInt(group, 16).toString(16));
  return `${groups.slice(0, bits / 16).join(':')}::/${bits}`;
}
