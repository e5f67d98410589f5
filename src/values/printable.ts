/**
 * Text that others wrote (server replies, names, tickets, user agents, lines of files), made fit for where it goes: a
 * column of any database, a terminal, a log, a cell, an XML file. Nothing here throws, whatever the text holds.
 */

/** Steers terminals, or changes the order in which people read: C0 and C1 controls, line separators, bidi marks. */
const STEERING = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;
const LONE_SURROGATE = /\p{Surrogate}/gu;
const REPLACEMENT = '\ufffd';

/** No half of a character, which no encoding can write. */
const wellFormed = (text: string): string => text.replace(LONE_SURROGATE, REPLACEMENT);

/** Cut to `limit` UTF-16 units, never in the middle of a character. */
const cut = (text: string, limit: number): string =>
  text.length <= limit ? text : wellFormed(text.slice(0, limit)).replace(/\ufffd$/u, '');

/** One line of visible text, for notes, cells and messages: runs of blanks and controls become one blank. */
export function oneLine(text: string, limit = 500): string {
  const line = wellFormed(text).replace(STEERING, ' ').replace(/\s+/gu, ' ').trim();
  return cut(line, limit);
}

/** As written, with line breaks and tabs, but without what a Unicode database refuses: NUL and half characters. */
export const storable = (text: string, limit: number): string =>
  cut(wellFormed(text).replaceAll('\0', REPLACEMENT), limit);

/** For a database whose encoding lacks the letters, such as LATIN1: what is beyond ASCII becomes a question mark. */
export const asciiOnly = (text: string): string => text.replace(/[^\t\n\r\x20-\x7e]/gu, '?');

/** JSON in ASCII letters alone: the same value when it is parsed, and storable in every encoding. */
export const asciiJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** What is printed: one line, or several. A line break or tab inside of a line is text, which others may have written. */
export type Text = string | readonly string[];

/** Lines with breaks between them: what a line holds never begins another line or cell. */
export const printableLines = (text: Text): string =>
  (typeof text === 'string' ? [text] : text).map((line) => escapeControls(line)).join('\n');

/** Controls spelled as `\u001b`, so that nothing in the text can steer a terminal. `keep`: these stay. */
export const escapeControls = (text: string, keep = ''): string =>
  wellFormed(text).replace(STEERING, (char) =>
    keep.includes(char) ? char : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** For XML 1.0, in text and attributes: XML has no way to write most controls and two code points, not even escaped. */
export const escapeXml = (text: string): string =>
  wellFormed(text)
    .replace(/[^\P{Cc}\n\t]|[\ufffe\uffff]/gu, ' ')
    .replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);

/** A row of cells with tabs between them: what a cell holds never begins another cell or line. */
export const tabRow = (cells: readonly string[]): string =>
  cells.map((cell) => escapeControls(cell)).join('\t');

/** JSON in one line whose text can't steer a terminal: the same value when it is parsed. */
export const printableJson = (value: unknown): string => escapeControls(JSON.stringify(value));
