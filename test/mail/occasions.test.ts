import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { composeNotice, composeReset, type MailInput, type ResetInput } from '../../src/mail/compose.ts';
import { createRenderer } from '../../src/render/render-template.ts';
import { visibleText } from '../../src/values/html.ts';
import { sampleNotice, sampleReset } from '../helpers/mail-input.ts';
import { removeFolder } from '../helpers/temporary-folder.ts';

const renderer = createRenderer();
const locales = renderer.catalogue.available;

const CAUSES = {
  page: { occasion: 'page', requestedBy: 'person' },
  support: { occasion: 'support', requestedBy: 'operator' },
  batch: { occasion: 'batch', requestedBy: 'operator' },
  locked: { occasion: 'batch', requestedBy: 'operator', isLocked: true },
} as const satisfies Record<string, Partial<ResetInput>>;

const REMINDERS = (['again', 'last'] as const).flatMap((reminder) =>
  [false, true].map((isLocked) => ({ ...CAUSES.batch, reminder, isLocked })),
);

/** The words under which people look for the mail, as they stand in subjects and sentences; without spaces. */
const SEARCHED: Readonly<Record<string, RegExp>> = {
  ar: /إعادةتعيينكلمة(?:ال)?مرور/,
  de: /passwortzurück(?:zu)?setzen/i,
  en: /resetyourpassword/i,
  es: /restable(?:cer|zca)(?:su|la)contraseña/i,
  he: /(?:איפוס|לאפסאת)הסיסמה/,
  it: /reimposta(?:re)?lapassword/i,
  nl: /wachtwoord.*opnieuwin/i,
  pl: /zreset(?:uj|ować)hasło|zresetowani[ea]hasła/i,
  'pt-BR': /redefin(?:a|ir)(?:sua|a)?senha/i,
  ru: /сброс(?:ьте|ить|а)?пароль?/i,
  tr: /şifre(?:nizi|sini|sinin|yi)?sıfırla/i,
  'zh-Hans': /重置(?:您的)?密码/,
  fr: /réinitialis(?:er|ez|ation)(?:de)?(?:votre|le|du)motdepasse/i,
  ja: /パスワード(?:の|を)?再設定/,
  ko: /비밀번호(?:를)?재설정/,
};

/** Without what wrapping adds: spaces, line breaks, marks and isolates. */
const plain = (text: string): string => text.replace(/[\s\u2066-\u2069\u200e\u200f]/g, '');
const names = Object.keys(CAUSES) as (keyof typeof CAUSES)[];
const compose = (locale: string, name: keyof typeof CAUSES, more: Partial<ResetInput> = {}) =>
  composeReset(renderer, { ...sampleReset, ...CAUSES[name], locale, ...more });

describe.each(locales)('the mails of each occasion in %s', (locale) => {
  const mails = names.map((name) => ({ name, ...compose(locale, name) }));

  it.each(mails)('$name: subject, text and HTML hold the words that people search for', (mail) => {
    const words = SEARCHED[locale] ?? /this language has none here/;
    expect(plain(mail.subject)).toMatch(words);
    expect(plain(mail.text)).toMatch(words);
    expect(plain(visibleText(mail.html))).toMatch(words);
  });

  it('are four of each: subject, preheader, and why it comes', () => {
    const preheaders = mails.map(({ html }) => /<div style="display:none;[^"]*">([^<]+)</.exec(html)?.[1]);
    const reasons = mails.map(({ text }) => plain(text).split('https:')[0]);
    for (const four of [mails.map(({ subject }) => subject), preheaders, reasons])
      expect(new Set(four).size).toBe(4);
  });

  const reminders = REMINDERS.map((cause) => composeReset(renderer, { ...sampleReset, ...cause, locale }));

  it('are others in a reminder, in the last one, and where the old password is dead', () => {
    const first = [compose(locale, 'batch'), compose(locale, 'locked')];
    const subjects = [...first, ...reminders].map(({ subject }) => subject);
    expect(new Set(subjects).size).toBe(4); // a reminder's subject is one, dead password or not
    const reasons = [...first, ...reminders].map(({ text }) => plain(text).split('https:')[0]);
    expect(new Set(reasons).size).toBe(6);
    for (const { subject } of reminders) expect(plain(subject)).toMatch(SEARCHED[locale] ?? /none/);
  });

  it('say the same in both parts, with every placeholder filled', () => {
    for (const { subject, text, html } of [...mails, ...reminders]) {
      for (const part of [subject, text, visibleText(html)]) expect(part).not.toMatch(/\{\w+\}|undefined/);
      const unseen = plain(renderer.catalogue.translate(locale, 'mail_reset_instruction'));
      const paragraphs = text.split('\n\n').map(plain);
      const seen = plain(visibleText(html));
      expect(paragraphs.filter((paragraph) => paragraph !== unseen && !seen.includes(paragraph))).toEqual([]);
    }
  });

  it('warn against anyone who asks for the link, and for the code if there is one', () => {
    const code = { code: '7KQM-2X9T', url: 'https://accounts.example.com/reset_password_code' };
    for (const name of names) {
      const said = (key: string) => plain(renderer.catalogue.translate(locale, key));
      expect(plain(compose(locale, name).text)).toContain(said('mail_reset_share'));
      expect(plain(compose(locale, name, { code }).text)).toContain(said('mail_reset_share_code'));
    }
  });

  it('promise no single use where the application’s own link outlives it', () => {
    const once = plain(renderer.catalogue.translate(locale, 'mail_reset_preheader', { duration: '' })).slice(0, 12); // prettier-ignore
    for (const name of names)
      expect(plain(compose(locale, name, { worksOnce: false }).html)).not.toContain(once);
  });

  it('end in notices of four kinds', () => {
    const by = (cause: Pick<MailInput, 'occasion' | 'requestedBy'>): string =>
      composeNotice(renderer, { ...sampleNotice, ...cause, locale }).text;
    const notices = [
      ...(['page', 'support', 'batch'] as const).map((occasion) => by({ occasion, requestedBy: 'person' })),
      by({ occasion: 'support', requestedBy: 'operator' }),
    ];
    expect(new Set(notices).size).toBe(4);
    for (const notice of notices) expect(notice).not.toMatch(/\{\w+\}|undefined/);
  });

  it('name a host once where the application has no name of its own', () => {
    const host = 'accounts.example.com';
    const footer = compose(locale, 'page', { appName: host }).text.trim().split('\n\n').at(-1) ?? '';
    expect(footer.split(host)).toHaveLength(2);
    const named = compose(locale, 'page').text.trim().split('\n\n').at(-1) ?? '';
    expect(named).toContain(host);
    const international = { appName: 'bücher.example', baseUrl: 'https://xn--bcher-kva.example' };
    expect(compose(locale, 'page', international).text).not.toContain('xn--bcher-kva');
  });
});

describe('sentences of the operator’s own, from before there were occasions', () => {
  async function withOwn(locale: string, sentences: Record<string, string>) {
    const folder = await mkdtemp(join(tmpdir(), 'templates-'));
    onTestFinished(() => removeFolder(folder));
    await mkdir(join(folder, 'locales'));
    await writeFile(join(folder, 'locales', `${locale}.json`), JSON.stringify(sentences));
    return createRenderer({ overrides: folder });
  }
  const support = { ...sampleReset, ...CAUSES.support };

  it('are said on every occasion, until the file has one for it', async () => {
    const older = { mail_reset_subject: 'Our subject', mail_reset_asked_operator: 'Our reason, {email}.' };
    const mail = composeReset(await withOwn('en', older), support);
    expect(mail.subject).toBe('Our subject');
    expect(mail.text).toContain('Our reason, susan@example.com.');
    const newer = { ...older, mail_reset_subject_support: 'From our support' };
    expect(composeReset(await withOwn('en', newer), support).subject).toBe('From our support');
  });

  it('are said in reminders, too', async () => {
    const own = { mail_reset_asked_operator: 'Our reason, {email}.', mail_reset_subject_batch: 'Our batch' };
    const mail = composeReset(await withOwn('en', own), {
      ...sampleReset,
      ...CAUSES.batch,
      reminder: 'last',
    });
    expect([mail.subject, mail.text]).toEqual(['Our batch', expect.stringContaining('Our reason, susan@')]);
  });

  it('keep a language of its own in one language', async () => {
    const own = { direction: 'ltr', mail_reset_subject: 'mu’ chu’', mail_reset_asked_operator: 'yIghItlh' };
    const mail = composeReset(await withOwn('tlh', own), { ...support, locale: 'tlh' });
    expect([mail.subject, mail.text]).toEqual(['mu’ chu’', expect.stringContaining('yIghItlh')]);
  });
});
