import { expect, it } from 'vitest';
import { decodeText } from '../../src/values/decode-text.ts';

const TEXT = 'naïve ☺\nline';

it.each([
  ['UTF-8', Buffer.from(TEXT)],
  ['UTF-8 with a mark', Buffer.from(`\uFEFF${TEXT}`)],
  ['UTF-16, little end first', Buffer.from(TEXT, 'utf16le')],
  ['UTF-16, little end first, with a mark', Buffer.from(`\uFEFF${TEXT}`, 'utf16le')],
  ['UTF-16, big end first', Buffer.from(TEXT, 'utf16le').swap16()],
  ['UTF-16, big end first, with a mark', Buffer.from(`\uFEFF${TEXT}`, 'utf16le').swap16()],
])('reads %s', (_encoding, bytes) => {
  expect(decodeText(bytes)).toBe(TEXT);
});

it.each([0, 1])('reads %i bytes', (length) => {
  expect(decodeText(Buffer.alloc(length, 'a'))).toHaveLength(length);
});
