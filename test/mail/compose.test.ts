import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { composeNotice, composeReset } from '../../src/mail/compose.ts';
import { createMessageId } from '../../src/mail/message-id.ts';
import { plainName } from '../../src/mail/plain-name.ts';
import { formatDuration, formatInstant } from '../../src/render/format.ts';
import { createRenderer } from '../../src/render/render-template.ts';
import { sampleLink, sampleNotice, sampleReset } from '../helpers/mail-input.ts';
import { removeFolder } from '../helpers/temporary-folder.ts';

const renderer = createRenderer();
const locales = renderer.catalogue.available;
const operator = {
  requestedBy: 'operator',
  occasion: 'batch',
  ticket: 'HELP-4711',
  reason: 'We moved to new servers.\nPlease choose a new password <soon> & "well".',
  supportContact: 'help@example.com',
} as const;

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await removeFolder(folder);
});

async function override(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'templates-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

describe.each(['en', 'ko'])('the mails in %s read as they always did', (locale) => {
  const page = ({ subject, text }: { subject: string; text: string }): string =>
    `Subject: ${subject}\n\n${text}`;

  it('reset, asked for by the person', async () => {
    const mail = composeReset(renderer, { ...sampleReset, locale });
    await expect(page(mail)).toMatchFileSnapshot(`__snapshots__/reset-person.${locale}.txt`);
  });

  it('reset, asked for by an operator, with a reason and a ticket', async () => {
    const mail = composeReset(renderer, { ...sampleReset, ...operator, locale });
    await expect(page(mail)).toMatchFileSnapshot(`__snapshots__/reset-operator.${locale}.txt`);
  });

  it.each([
    ['support', { occasion: 'support' }],
    ['locked', { occasion: 'batch', isLocked: true }],
  ] as const)('reset, %s', async (name, cause) => {
    const input = { ...sampleReset, requestedBy: 'operator', ...cause, locale } as const;
    const mail = composeReset(renderer, input);
    await expect(page(mail)).toMatchFileSnapshot(`__snapshots__/reset-${name}.${locale}.txt`);
  });

  it('notice', async () => {
    const mail = composeNotice(renderer, { ...sampleNotice, locale });
    await expect(page(mail)).toMatchFileSnapshot(`__snapshots__/notice.${locale}.txt`);
  });
});

/** How long the sample link lives, as the mails say it. */
const lifeIn = (locale: string) => ({
  duration: formatDuration(sampleReset.expiresAt - sampleReset.issuedAt, locale),
  expiresAt: formatInstant(sampleReset.expiresAt, locale, 'UTC'),
});
/** Without what wrapping a text may add. */
const oneLine = (text: string): string => text.replace(/[\s\u200f]+/g, '');

/** What mail programs show behind the subject: the first text, unseen in the mail itself. */
const preheaderOf = (html: string): string | undefined =>
  /<body[^>]*>\s*<div style="display:none;[^"]*">([^<]+)<\/div>/.exec(html)?.[1];

describe.each(locales)('the reset mail in %s', (locale) => {
  const mail = composeReset(renderer, { ...sampleReset, ...operator, locale });

  it('has the link alone on its line in the text and twice in the HTML', () => {
    expect(mail.text.split('\n').filter((line) => line === sampleLink)).toHaveLength(1);
    expect(mail.html.split(`href="${sampleLink}"`)).toHaveLength(3);
  });

  it('says in the list of mails, before it is opened, how long its link works', () => {
    const duration = formatDuration(sampleReset.expiresAt - sampleReset.issuedAt, locale);
    expect(preheaderOf(mail.html)).toBe(renderer.catalogue.translate(locale, 'mail_reset_preheader_batch', { duration })); // prettier-ignore
    const notice = composeNotice(renderer, { ...sampleNotice, locale });
    expect(preheaderOf(notice.html)).toBe(renderer.catalogue.translate(locale, 'mail_notice_preheader'));
  });

  it('wraps its prose', () => {
    for (const line of mail.text.replace(sampleLink, '').split('\n'))
      expect(line.length).toBeLessThanOrEqual(76);
  });

  it('says the same end in both parts', () => {
    const end = new Intl.DateTimeFormat(locale, { day: 'numeric', timeZone: 'UTC' }).format(
      Date.UTC(2026, 10, 22),
    );
    const plain = mail.html.replace(/<[^>]+>/g, ' ');
    for (const part of [mail.text, plain]) expect(part).toContain(end.replace(/\D/g, ''));
    for (const part of [mail.text, plain]) expect(part).toMatch(/2026/);
  });

  it('R69: loads nothing, tracks nothing and leads nowhere but to baseUrl', () => {
    expect(mail.html).not.toMatch(/<img|<link|<script|<iframe|@import|url\(|background=/i);
    for (const [address] of mail.html.matchAll(/[a-z]+:\/\/[^"'<>\s)]+/gi)) {
      expect(address.startsWith('https://accounts.example.com')).toBe(true);
    }
    expect(mail.headers).toEqual({
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'X-Entity-Ref-ID': mail.messageId.slice(1, -1),
    });
    expect(Buffer.byteLength(mail.html)).toBeLessThan(30_000);
  });

  it('pads, colours and sets in type nothing but cells, for Outlook does so with nothing else', () => {
    const html = [mail.html, composeNotice(renderer, { ...sampleNotice, locale }).html].join('\n');
    for (const [tag] of html.matchAll(/<(?:p|div|h1|table)\b[^>]*style="[^"]*padding:[^"]*"[^>]*>/g))
      expect(tag).toBe('');
    for (const [cell] of html.matchAll(/<td\b[^>]*background-color:[^>]*>/g)) {
      expect(cell).toMatch(/bgcolor="#[0-9a-f]{6}"/);
      expect(cell).toContain('font-family:');
    }
  });

  it('escapes the reason in the HTML, keeps its line break, and prints it as it is in the text', () => {
    expect(mail.html).toContain(
      'new servers.<br>Please choose a new password &lt;soon&gt; &amp; &#34;well&#34;.',
    );
    expect(mail.text).toContain('new servers.\nPlease choose a new password <soon> & "well".');
  });

  it('says that the link works once, unless it does not', () => {
    const { text, html } = composeReset(renderer, { ...sampleReset, ...operator, locale, worksOnce: false });
    const said = (key: string): string => oneLine(renderer.catalogue.translate(locale, key, lifeIn(locale)));
    for (const part of [mail.text, mail.html]) expect(oneLine(part)).toContain(said('mail_reset_expiry'));
    for (const part of [text, html]) {
      expect(oneLine(part)).toContain(said('mail_reset_validity'));
      expect(oneLine(part)).not.toContain(said('mail_reset_expiry'));
      expect(oneLine(part)).not.toContain(said('mail_reset_preheader'));
      expect(part).toContain(new Intl.NumberFormat(locale, { useGrouping: false }).format(2026));
    }
  });

  it('is written in the right direction', () => {
    expect(mail.html).toContain(
      `<html lang="${locale}" dir="${['ar', 'he'].includes(locale) ? 'rtl' : 'ltr'}">`,
    );
  });
});

describe('the reset mail', () => {
  it('marks the copy of a redirected batch in the subject and in both parts', () => {
    const mail = composeReset(renderer, {
      ...sampleReset,
      email: 'test@example.com',
      redirectedFor: 'real@example.com',
    });
    expect(mail.to).toBe('test@example.com');
    expect(mail.subject).toMatch(/^\[Test\] /);
    for (const part of [mail.text, mail.html]) expect(part).toContain('real@example.com');
  });

  it('names the time as the zone has it', () => {
    expect(composeReset(renderer, { ...sampleReset, timeZone: 'Asia/Seoul' }).text).toMatch(
      /November\s23, 2026 at\s12:00\sAM\sGMT\+9/,
    );
    expect(() => composeReset(renderer, { ...sampleReset, timeZone: 'Mars/Base' })).toThrow(
      /is not a time zone/,
    );
  });

  it.each(['text', 'html'])('R71: is refused when the operator’s %s leaves out the link', async (part) => {
    const overrides = await override({ [`mail/reset/${part}.ejs`]: 'Dear <%= email %>, hello.' });
    expect(() => composeReset(createRenderer({ overrides }), sampleReset)).toThrow(
      expect.objectContaining({
        code: 'config_invalid',
        message: expect.stringContaining(`mail/reset/${part}`),
      }),
    );
  });

  it.each(['text', 'html', 'subject'])('is refused when the operator’s %s is empty', async (part) => {
    const overrides = await override({ [`mail/reset/${part}.ejs`]: '<% /* nothing */ %>' });
    expect(() => composeReset(createRenderer({ overrides }), sampleReset)).toThrow(/renders nothing/);
  });

  it.each(['javascript:alert(1)', 'http://evil.test/x', 'https://user:pw@evil.test/', 'data:text/html,x'])(
    'R63: takes no link like %s',
    (link) => {
      expect(() => composeReset(renderer, { ...sampleReset, link })).toThrow(
        expect.objectContaining({ code: 'config_invalid' }),
      );
    },
  );

  it('R63: shows what the users table holds as text', () => {
    const mail = composeReset(renderer, {
      ...sampleReset,
      name: '"><script>alert(1)</script>',
      appName: '<b>"Shop"</b>',
    });
    expect(mail.html).not.toMatch(/<script|<b>/);
    expect(mail.html).toContain('&lt;b&gt;');
  });

  it('R66: takes no line break into a header', () => {
    const appName = 'Shop\r\nBcc: evil@evil.test';
    expect(() => composeReset(renderer, { ...sampleReset, appName })).toThrow(
      expect.objectContaining({ code: 'config_invalid' }),
    );
    const from = { name: 'Shop\nX: y', address: 'a@example.com' };
    expect(() => composeReset(renderer, { ...sampleReset, from })).toThrow(
      expect.objectContaining({ code: 'config_invalid' }),
    );
  });

  it('R65: goes to no stored address that is more than one plain address', () => {
    const email = 'victim@x.test\r\nBcc: evil@evil.test';
    expect(() => composeReset(renderer, { ...sampleReset, email })).toThrow(
      expect.objectContaining({
        code: 'delivery_failed',
        details: expect.objectContaining({ kind: 'refused', retryable: false }),
      }),
    );
  });
});

describe('the notice', () => {
  it('R92: says when and what to do, with no token and no password', () => {
    const mail = composeNotice(renderer, { ...sampleNotice, supportContact: 'help@example.com' });
    for (const part of [mail.text, mail.html]) {
      expect(part).toContain('help@example.com');
      expect(part).toContain('https://accounts.example.com/reset_password_request');
      expect(part).not.toMatch(/eyJ/);
    }
  });
});

describe('a greeting', () => {
  it.each([
    ['Susan', 'Susan'],
    ['  Susan\r\n Miller ', 'Susan Miller'],
    ['J. R. R. Tolkien', 'J. R. R. Tolkien'],
    ['\u202Eevil', 'evil'],
    ['김수진', '김수진'],
    ['', undefined],
    [null, undefined],
    ['Win now at https://evil.test', undefined],
    ['www.evil.test', undefined],
    ['visit evil.com', undefined],
    ['susan@example.com', undefined],
    ["Dr. O'Connor-Smith (IT)", "Dr. O'Connor-Smith (IT)"],
    ['R2D2 1977', 'R2D2 1977'],
    ['javascript:alert(1)', undefined],
    ['www。evil。com', undefined],
    ['ｗｗｗ．evil．com', undefined],
    ['call +1 900 555 now', undefined],
    ['your code is 829-144', undefined],
    ['{appName} {link}', undefined],
    ['<b>Susan</b>', undefined],
    ['x'.repeat(61), undefined],
  ])('of %j is %j', (name, greeting) => {
    expect(plainName(name)).toBe(greeting);
  });
});

describe('a Message-ID', () => {
  it('is under the sender’s domain and never the same', () => {
    const ids = new Set(Array.from({ length: 1000 }, () => createMessageId('a@bücher.test')));
    expect(ids.size).toBe(1000);
    for (const id of ids) expect(id).toMatch(/^<[0-9a-f]{32}@xn--bcher-kva\.test>$/);
  });
});
