/** One way to read a pasted text. */
export interface Reading {
  readonly text: string;
  /** line breaks were taken out, so a word may stand right behind what was wrapped */
  readonly isJoined: boolean;
}

/**
 * The ways to read a text that somebody pasted or a mail program stored: as it stands, with wrapped or quoted lines
 * joined, decoded from quoted-printable and base64 (RFC 2045), and with links taken out of the wrappers that mail
 * scanners put around them (Outlook SafeLinks, Proofpoint, and all that percent-encode the link).
 */
export function readingsOf(pasted: string): readonly Reading[] {
  const bodies = distinct([pasted, decodeQuotedPrintable(pasted), ...decodeBase64Blocks(pasted)]);
  return bodies.flatMap((body) => [
    ...unwrap(body).map((text) => ({ text, isJoined: false })),
    ...(body.includes('\n') ? unwrap(joinLines(body)).map((text) => ({ text, isJoined: true })) : []),
  ]);
}

/** A wrapped line goes on behind its line break, quote marks and indent. */
const joinLines = (text: string): string => text.replace(/\r?\n[ \t]*(?:>[ \t]?)*/g, '');

const decodeQuotedPrintable = (text: string): string =>
  text.replace(/=[ \t]*\r?\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => fromHex(hex));

/** Parts of a stored mail whose lines hold nothing but base64. */
function decodeBase64Blocks(text: string): string[] {
  const blocks = text.match(/(?:^[A-Za-z0-9+/]{40,}={0,2}\r?\n)+[A-Za-z0-9+/]*={0,2}$/gm) ?? [];
  return blocks.map((block) => Buffer.from(block, 'base64').toString('utf8'));
}

/** The text itself, and with the links of mail scanners replaced by what they lead to. */
const unwrap = (text: string): string[] =>
  distinct([text, decodePercent(text), decodePercent(decodePercent(text)), unwrapProofpoint(text)]);

const decodePercent = (text: string): string =>
  text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => fromHex(hex));

/** Version 3 puts the link between `__` and `__;`, version 2 writes `-2F` for `%2F` and `_` for a slash. */
function unwrapProofpoint(text: string): string {
  return text
    .replace(/\/v3\/__(.+?)__;/g, (_, link: string) => ` ${link} `)
    .replace(
      /\/v2\/url\?u=([^&\s>"]+)/g,
      (_, link: string) => ` ${decodePercent(link.replaceAll('-', '%').replaceAll('_', '/'))} `,
    );
}

const fromHex = (hex: string): string => String.fromCharCode(Number.parseInt(hex, 16));

const distinct = (texts: readonly string[]): string[] => [...new Set(texts)];
