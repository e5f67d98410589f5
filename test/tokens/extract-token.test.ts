import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isResetError } from '../../src/errors.ts';
import { extractToken } from '../../src/tokens/extract-token.ts';
import { createKeyring } from '../../src/tokens/keyring.ts';
import { signToken } from '../../src/tokens/sign.ts';
import { createTokenId } from '../../src/tokens/token-store.ts';
import { Secret } from '../../src/values/secret.ts';

const keyring = createKeyring([new Secret(randomBytes(32))]);
const make = (userId: string): string =>
  signToken(keyring, {
    jti: createTokenId(),
    kid: keyring.current.kid,
    userId,
    iat: 1_795_900_000,
    exp: 1_795_903_600,
    fp: randomBytes(32).toString('base64url'),
  });
const token = make('1');
const other = make('2');
const link = `https://accounts.example.com/reset_password/${token}`;
const encoded = encodeURIComponent(link);

/** Lines of this many letters, as mail programs wrap a long link. */
const wrap = (text: string, width: number, end = '\n'): string =>
  (text.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join(end);
const quotedPrintable = (text: string): string => wrap(text.replaceAll('=', '=3D'), 70, '=\r\n');
const base64 = (text: string): string => wrap(Buffer.from(text).toString('base64'), 76, '\r\n');
const mail = `Dear Susan,\n\nOpen this link:\n\n${link}\n\nIt works for one hour.\n`;
const html = `<p>Dear Susan,</p><a href="${link}">Reset your password</a>`;
/** Proofpoint's second version: `-2F` for `%2F`, and `_` for a slash. */
const proofpoint2 = link
  .replaceAll('-', '-2D')
  .replaceAll('_', '-5F')
  .replaceAll('://', '-3A__')
  .replaceAll('/', '_');

const FORMS: readonly (readonly [string, string])[] = [
  ['a token', token],
  ['a token with blanks and a line end', `  ${token}\r\n`],
  ['a link', link],
  ['a link in capitals as far as the host', link.replace('https://accounts', 'HTTPS://ACCOUNTS')],
  ['a link with a slash behind it', `${link}/`],
  ['a link with a full stop', `${link}.`],
  ['a link with a comma', `${link},`],
  ['a link in angle brackets', `<${link}>`],
  ['a link in angle brackets with a prefix', `<URL:${link}>`],
  ['a link in quotes', `"${link}"`],
  ['a link in typographic quotes and a full stop', `“${link}”.`],
  ['a link in parentheses', `(${link})`],
  ['a link in Markdown', `[Reset](${link})`],
  ['a link in Slack’s form', `<${link}|Reset>`],
  ['a link with a query of a newsletter tool', `${link}?utm_source=mail&utm_medium=x`],
  ['a link with a fragment', `${link}#top`],
  ['a link followed by %20', `${link}%20`],
  ['a link followed by %3E', `${link}%3E`],
  ['a link broken over two lines', wrap(link, 200)],
  ['a link broken every 76 letters', wrap(link, 76)],
  ['a link broken with CR LF', wrap(link, 76, '\r\n')],
  ['a link broken within its last letters', `${link.slice(0, -5)}\n${link.slice(-5)}`],
  ['a link broken and indented', wrap(link, 76, '\n    ')],
  ['a quoted link', `> ${link}`],
  ['a quoted and broken link', `> ${wrap(link, 76, '\n> ')}`],
  ['a link quoted twice and broken', `>> ${wrap(link, 76, '\n>> ')}`],
  ['a broken link with text behind it', `${wrap(link, 76)}\nThanks, Susan`],
  ['quoted-printable', quotedPrintable(link)],
  ['an href', html],
  ['an href in quoted-printable', quotedPrintable(html)],
  ['an href without quotes', `<a href=${link}>here</a>`],
  [
    'Outlook SafeLinks',
    `https://eur01.safelinks.protection.outlook.com/?url=${encoded}&data=05%7C02&reserved=0`,
  ],
  [
    'SafeLinks broken over lines',
    wrap(`https://nam02.safelinks.protection.outlook.com/?url=${encoded}&data=05`, 76),
  ],
  ['a link percent-encoded twice', `https://l.example.net/?u=${encodeURIComponent(encoded)}`],
  ['a link percent-encoded with its dots', encoded.replaceAll('.', '%2E')],
  ['Proofpoint 2', `https://urldefense.proofpoint.com/v2/url?u=${proofpoint2}&d=DwMFaQ&c=abc`],
  ['Proofpoint 3', `https://urldefense.com/v3/__${link}__;!!abc!xyz$`],
  ['a redirect of a search engine', `https://www.google.com/url?q=${link}&sa=D`],
  ['a whole mail', mail],
  ['a whole mail, quoted', mail.replace(/^/gm, '> ')],
  [
    'a stored mail in quoted-printable',
    `Subject: Reset\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${quotedPrintable(mail)}`,
  ],
  [
    'a stored mail in base64',
    `Subject: Reset\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(mail)}\r\n`,
  ],
  ['a stored mail with both parts', `${mail}\r\n--b\r\n${quotedPrintable(html)}\r\n--b--`],
  ['a log line in JSON', JSON.stringify({ url: link, token })],
];

it.each(FORMS)('finds the token in %s', (_name, text) => {
  expect(extractToken(text)).toBe(token);
});

const refusal = (text: string): string => {
  try {
    return extractToken(text);
  } catch (error) {
    return isResetError(error) ? `${error.code}: ${error.message}` : String(error);
  }
};

it.each([
  ['a mail with two links', `${mail}\n${link.replace(token, other)}`],
  ['two tokens, one broken', `${token}\n${wrap(other, 76)}`],
  [
    'two tokens, one in SafeLinks',
    `${other} https://x.safelinks.protection.outlook.com/?url=${encoded}&data=1`,
  ],
])('names both where there are two: %s', (_name, text) => {
  const said = refusal(text);
  expect(said).toMatch(/^usage_invalid: .*2 different links/);
  for (const each of [token, other]) expect(said).toContain(each.slice(-8));
  expect(said).toContain('for user 2');
});

describe('where there is no whole token', () => {
  it.each([
    ['one letter', link.slice(0, -1)],
    ['the signature', link.slice(0, link.lastIndexOf('.'))],
    ['half of the claims', link.slice(0, link.indexOf(token) + 120)],
    ['half, in a mail', mail.replace(link, link.slice(0, -60))],
  ])('says that the end is missing, when it is %s', (_name, text) => {
    expect(refusal(text)).toMatch(/^token_invalid: The end of this link is missing/);
  });

  it('leaves other texts to the check of the token', () => {
    expect(refusal(' hello ')).toBe('hello');
    expect(refusal(`https://accounts.example.com/reset_password/abc`)).toBe('abc');
    expect(refusal(`${token}x`)).toBe(`${token}x`);
  });

  it('does not search what is too long for a mail', () => {
    expect(refusal('eyJ'.repeat(400_000))).toMatch(/^usage_invalid: .*too long/);
    expect(refusal('eyJhbGciOi'.repeat(90_000))).toHaveLength(900_000);
  });
});
