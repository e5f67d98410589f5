import { expect, it } from 'vitest';
import { createFairLine } from '../../../src/flows/visitors/fair-line.ts';

const from = (ip: string, email = 'a@example.com') => ({ email, ip, requestId: ip });

it('gives everything back in the order it came', () => {
  const line = createFairLine(10);
  for (const ip of ['192.0.2.1', '198.51.100.1', '192.0.2.2']) line.add(from(ip));
  expect(line.take(2).map(({ ip }) => ip)).toEqual(['192.0.2.1', '198.51.100.1']);
  expect(line.take(9).map(({ ip }) => ip)).toEqual(['192.0.2.2']);
  expect(line.length).toBe(0);
});

it.each([
  ['one address', () => '192.0.2.1'],
  ['many addresses of one network', (count: number) => `192.0.2.${count % 250}`],
  ['one IPv6 customer', (count: number) => `2001:db8:1:${count.toString(16)}::1`],
])('a flood from %s makes room for everybody else', (_title, flood) => {
  const line = createFairLine(100);
  for (let count = 0; count < 1000; count += 1) line.add(from(flood(count)));
  expect(line.add(from('198.51.100.1', 'susan@example.com'))?.ip).toBe(flood(99));
  expect(line.length).toBe(100);
  expect(line.take(100).some(({ email }) => email === 'susan@example.com')).toBe(true);
});

it('drops the newcomer when nobody has more than he', () => {
  const line = createFairLine(3);
  for (const ip of ['192.0.2.1', '198.51.100.1', '203.0.113.1']) line.add(from(ip));
  expect(line.add(from('10.0.0.1'))?.ip).toBe('10.0.0.1');
});
