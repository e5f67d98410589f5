import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openNativePage } from '../../../src/flows/native/open-native-page.ts';

const PAGES: Readonly<Record<string, string>> = {
  '/stimulus': `<form data-action="submit->x#y" action="/users/password"><input type="hidden" data-action="change->x#y" name="t" value="tok"><input type="password" name="p"></form>`,
  '/deep/itself': `<form><input type="password" name="p"></form>`,
  '/deep/relative': `<form action="save"><input type="password" name="p"></form>`,
  '/deep/based': `<base href="/app/"><form action="save"><input type="password" name="p"></form>`,
  '/deep/based-empty': `<base href="/app/"><form action=""><input type="password" name="p"></form>`,
  '/elsewhere': `<form action="https://other.example/x"><input type="password" name="p"></form>`,
  '/elsewhere-by-base': `<base href="https://other.example/"><form action="x"><input type="password" name="p"></form>`,
  '/broken': `<form action="http://[bad"><input type="password" name="p"></form>`,
};

let origin: string;
const server = createServer((request, response) => {
  const { url = '', method } = request;
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => response.end(method === 'POST' ? `${url} got ${body}` : PAGES[url]));
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
});

it.each([
  ['/stimulus', '/users/password got t=tok&p=PW'],
  ['/deep/itself', '/deep/itself got p=PW'],
  ['/deep/relative', '/deep/save got p=PW'],
  ['/deep/based', '/app/save got p=PW'],
  ['/deep/based-empty', '/deep/based-empty got p=PW'],
])('the form of %s goes where a browser would send it', async (path, says) => {
  const page = await openNativePage(origin + path, 5000);
  expect((await page.submit?.('PW'))?.says).toBe(says);
});

it.each([
  ['/elsewhere', 'its form leads to another site, https://other.example'],
  ['/elsewhere-by-base', 'its form leads to another site, https://other.example'],
  ['/broken', 'its form leads to another site, "http://[bad"'],
])('the form of %s gets no password', async (path, says) => {
  const page = await openNativePage(origin + path, 5000);
  expect(page.submit).toBeUndefined();
  expect(page.says).toBe(says);
});
