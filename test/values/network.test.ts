import { expect, it } from 'vitest';
import { bareAddress, networkOf } from '../../src/values/network.ts';

it.each([
  ['203.0.113.7', '203.0.113.7'],
  ['203.0.113.7:51234', '203.0.113.7'],
  ['[2001:db8::7]:51234', '2001:db8::7'],
  ['[2001:db8::7]', '2001:db8::7'],
  ['2001:db8::7', '2001:db8::7'],
  ['::ffff:203.0.113.7', '::ffff:203.0.113.7'],
  ['fe80::1%eth0', 'fe80::1'],
  ['"[2001:db8::7]:443"', '2001:db8::7'],
  ['unknown', undefined],
  ['example.com:80', undefined],
  ['203.0.113.7:port', undefined],
  ['203.0.113.999', undefined],
  ['', undefined],
  [undefined, undefined],
])('the address in %s is %s', (text, address) => {
  expect(bareAddress(text)).toBe(address);
});

it.each([
  ['203.0.113.7', 64, '203.0.113.7'],
  ['::ffff:203.0.113.7', 64, '203.0.113.7'],
  ['2001:db8:1:2::7', 64, '2001:db8:1:2::/64'],
  ['2001:DB8:1:2:ffff::', 64, '2001:db8:1:2::/64'],
  ['2001:db8:0001:0002:1:2:3:4', 48, '2001:db8:1::/48'],
  ['::1', 64, '0:0:0:0::/64'],
  ['local', 64, 'local'],
] as const)('%s counts by /%i as %s', (address, bits, network) => {
  expect(networkOf(address, bits)).toBe(network);
});
