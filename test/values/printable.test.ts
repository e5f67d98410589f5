import { describe, expect, test } from 'vitest';
import {
  asciiJson,
  asciiOnly,
  escapeControls,
  escapeXml,
  oneLine,
  printableJson,
  storable,
  tabRow,
} from '../../src/values/printable.ts';

/** What servers, users and files have been seen to say. */
const foreign: readonly (readonly [string, string])[] = [
  ['a reply in Chinese', '250 已加入队列 ✓'],
  ['a NUL', 'queued\0as 1'],
  ['half of a character', 'queued \ud83d as 1'],
  ['a terminal sequence', '250 \u001b[2J\u001b]0;owned\u0007 ok'],
  ['a C1 sequence', '250 \u009b31m ok'],
  ['text that runs backwards', 'a\u202egnp.exe\u2066b\u2069'],
  ['Arabic letter mark', 'a\u061cb'],
  ['line breaks of every kind', 'a\r\nb\rc\nd\u2028e\u2029f\u0085g\u000bh\u000ci'],
  ['noncharacters', 'a\ufffeb\uffffc'],
  ['markup', `<a href="x">'&'</a>]]>`],
  ['emoji at the cut', `${'x'.repeat(499)}😀`],
];

describe.each(foreign)('%s', (_title, text) => {
  test('fits into one line', () => {
    const line = oneLine(text);
    expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}\u202a-\u202e\u2066-\u2069]/u);
    expect(line.length).toBeLessThanOrEqual(500);
  });

  test('can be stored in a Unicode database', () => {
    expect(storable(text, 500)).not.toMatch(/[\0\p{Surrogate}]/u);
  });

  test('can be stored in any database once it is reduced to ASCII', () => {
    expect(asciiOnly(text)).toMatch(/^[\t\n\r\x20-\x7e]*$/);
    expect(asciiJson({ text })).toMatch(/^[\x20-\x7e]*$/);
    expect(JSON.parse(asciiJson({ text }))).toEqual({ text });
  });

  test('does not steer a terminal', () => {
    expect(escapeControls(text)).not.toMatch(/[\p{Cc}\u2028-\u202e\u2066-\u2069\u061c]/u);
    expect(escapeControls(text, '\n')).not.toMatch(/[^\P{Cc}\n]/u);
  });

  test('is well-formed XML', () => {
    expect(escapeXml(text)).not.toMatch(/[^\P{Cc}\n\t]|[<>"'\ufffe\uffff\p{Surrogate}]/u);
    expect(escapeXml(text)).not.toMatch(/&(?!amp;|lt;|gt;|quot;|apos;)/);
  });
});

test('plain text stays as it is', () => {
  const text = 'Señor Müller (IT), Ticket 4711: 250 2.0.0 OK';
  expect([oneLine(text), storable(text, 100), escapeControls(text)]).toEqual([text, text, text]);
});

describe('what a name holds never begins another cell or line', () => {
  test.each([
    ['a tab', 'a\tb'],
    ['a line break', 'x\n99\tceo@example.com'],
    ['a line break of old Macs', 'a\rb'],
    ['a separator of Unicode', 'a\u2028b'],
    ['a control that steers terminals', 'a\u009b2Jb'],
    ['a mark that turns the reading round', 'a\u202eb'],
    ['half a character', 'a\ud800b'],
  ])('%s', (_title, name) => {
    const row = tabRow(['1', name, 'end']);
    expect(row.split('\t')).toHaveLength(3);
    expect(row).not.toMatch(/[\n\r\u2028\u009b\u202e\ud800]/);
    const json = printableJson({ name });
    expect(json).not.toMatch(/[\u2028\u009b\u202e]/);
    expect(JSON.parse(json)).toEqual({ name });
  });
});
