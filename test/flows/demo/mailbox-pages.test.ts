import { expect, it } from 'vitest';
import { renderHtmlPart } from '../../../src/flows/demo/mailbox-pages.ts';

const mail = {
  id: '1',
  messageId: '',
  date: undefined,
  to: '',
  from: '',
  subject: '',
  text: '',
  headers: [],
};

it.each([
  ['with a head', '<!doctype html><html><head lang="a>b"><title>T</title></head><body>Hi</body></html>'],
  ['without a head, but with a header', '<!doctype html><header>Hi</header>'],
  ['with a head in a comment', '<!doctype html><!-- <head> --><p>Hi</p>'],
])('the links of a mail %s open in a tab of their own', (_title, html) => {
  const shown = renderHtmlPart({ ...mail, html });
  expect(shown).toMatch(/^<!DOCTYPE html>/i);
  expect(shown).toMatch(/<head[^<]*><base target="_blank">/);
});
