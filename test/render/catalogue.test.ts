import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ERRORS } from '../../src/errors.ts';
import { chooseLocale, parseAcceptLanguage } from '../../src/render/choose-locale.ts';
import { createCatalogue } from '../../src/render/catalogue.ts';

type Entry = string | Record<string, string>;

const root = fileURLToPath(new URL('../..', import.meta.url));
const files = (folder: string, ending: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => readFileSync(join(root, folder, name), 'utf8'));

const catalogue = createCatalogue();
const read = (locale: string): Record<string, Entry> =>
  JSON.parse(readFileSync(join(root, 'templates/locales', `${locale}.json`), 'utf8')) as Record<
    string,
    Entry
  >;
const english = read('en');

const forms = (entry: Entry): string[] =>
  typeof entry === 'string'
    ? [entry]
    : Object.entries(entry).flatMap(([key, form]) => (key === 'by' ? [] : [form]));
const placeholders = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();

describe('the languages', () => {
  it('are as many as the README says, and the manual names each', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const manual = readFileSync(join(root, 'templates/help/templates.md'), 'utf8');
    expect(readme).toContain(`${catalogue.available.length} languages`);
    expect(manual).toContain(`${catalogue.available.length} languages`);
    const names = new Intl.DisplayNames('en', { type: 'language' });
    for (const locale of catalogue.available) {
      const [language = ''] = locale.split('-');
      expect(manual).toContain(
        `${names.of(language)} (\`${locale}\`)`.replace('Chinese', 'simplified Chinese'),
      );
    }
  });

  it('have a sentence for every error that a browser can see', () => {
    for (const { publicText } of Object.values(ERRORS)) expect(english).toHaveProperty(publicText);
  });

  it('have no sentence that nothing says', () => {
    const code = [...files('templates', '.ejs'), ...files('src', '.ts')].join('\n');
    const isSaid = (key: string): boolean =>
      code.includes(`'${key}'`) ||
      key.startsWith('violation_') ||
      code.includes(`'${key.replace(/_title$/, '')}'`);
    // The listener names these two; nothing in the table of errors does.
    const byListener = ['error_not_found', 'error_forbidden'].flatMap((key) => [key, `${key}_title`]);
    expect(
      Object.keys(english).filter((key) => key !== 'direction' && !byListener.includes(key) && !isSaid(key)),
    ).toEqual([]);
  });

  it('lack no sentence that a template says', () => {
    const said = files('templates', '.ejs').flatMap((text) => [
      ...text.matchAll(/'((?:mail|page|label|button|rule|rules|link|error)_\w+)'/g),
    ]);
    for (const [, key = ''] of said) expect(english).toHaveProperty(key);
  });
});

describe.each(catalogue.available)('%s', (locale) => {
  const entries = read(locale);

  it('has the sentences of English, no more and no fewer', () => {
    expect(Object.keys(entries).sort()).toEqual(Object.keys(english).sort());
  });

  it('has the same placeholders in every sentence', () => {
    for (const [key, entry] of Object.entries(english)) {
      const wanted = placeholders(forms(entry).join());
      const own = entries[key] ?? '';
      expect([key, placeholders(forms(own).join())]).toEqual([key, wanted]);
    }
  });

  it('is named by a tag that browsers and Intl know', () => {
    expect(Intl.getCanonicalLocales(locale)).toEqual([locale]);
    expect(Intl.PluralRules.supportedLocalesOf(locale)).toEqual([locale]);
  });

  it('runs as its script does', () => {
    const { script } = new Intl.Locale(locale).maximize();
    expect(catalogue.direction(locale)).toBe(/^(?:Arab|Hebr)$/.test(script ?? '') ? 'rtl' : 'ltr');
  });

  it('writes its sentences in its script', () => {
    const { script = '' } = new Intl.Locale(locale).maximize();
    const letters = {
      Jpan: /\p{sc=Hira}|\p{sc=Kana}|\p{sc=Han}/u,
      Kore: /\p{sc=Hang}/u,
      Hans: /\p{sc=Han}/u,
    };
    const ofScript = { ...letters, Latn: /\p{sc=Latn}/u, Cyrl: /\p{sc=Cyrl}/u, Arab: /\p{sc=Arab}/u, Hebr: /\p{sc=Hebr}/u }[script]; // prettier-ignore
    expect(ofScript).toBeDefined();
    const said = Object.entries(entries).filter(([key]) => key !== 'direction');
    for (const form of said.flatMap(([, entry]) => forms(entry))) expect(form).toMatch(ofScript!);
  });

  it('has every plural form that the language knows', () => {
    const categories = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
    for (const entry of Object.values(entries).filter((value) => typeof value !== 'string')) {
      expect(Object.keys(entry)).toEqual(expect.arrayContaining(['by', ...categories]));
    }
  });

  it('says nothing empty or untrimmed', () => {
    for (const form of Object.values(entries).flatMap(forms)) expect(form).toMatch(/^\S(?:.*\S)?$/);
  });

  it('is translated throughout', () => {
    const original = locale === 'en' ? {} : english;
    const same = Object.keys(original).filter(
      (key) => JSON.stringify(entries[key]) === JSON.stringify(original[key]),
    );
    const alike = ['direction', 'mail_redirected_subject', 'page_error_title'];
    expect(same.filter((key) => !alike.includes(key))).toEqual([]);
  });
});

describe('a sentence', () => {
  it('takes the plural form and the digits of its language', () => {
    expect(catalogue.translate('en', 'rule_min_length', { min: 1 })).toBe('at least 1 character');
    expect(catalogue.translate('en', 'rule_min_length', { min: 1500 })).toBe('at least 1,500 characters');
    expect(catalogue.translate('de', 'rule_max_bytes', { maxBytes: 1500 })).toContain('1.500');
    expect(catalogue.translate('ar', 'rule_min_length', { min: 8 })).toContain('أحرف');
    expect(catalogue.translate('ar', 'rule_min_length', { min: 15 })).toContain('حرفًا');
    expect(catalogue.translate('pl', 'rule_min_length', { min: 3 })).toBe('co najmniej 3 znaki');
    expect(catalogue.translate('pl', 'rule_max_bytes', { maxBytes: 72 })).toContain('72 bajty ');
    expect(catalogue.translate('ru', 'rule_min_length', { min: 15 })).toBe('не менее 15 символов');
    expect(catalogue.translate('ru', 'rule_min_length', { min: 21 })).toBe('не менее 21 символа');
    expect(catalogue.translate('he', 'rule_min_length', { min: 2 })).toBe('לפחות שני תווים');
  });

  it('keeps a name apart from the words around it where those run from right to left', () => {
    expect(catalogue.translate('ar', 'mail_greeting_name', { name: 'Susan' })).toContain('\u2068Susan\u2069');
    expect(catalogue.translate('he', 'mail_greeting_name', { name: 'Susan' })).toContain('\u2068Susan\u2069');
    expect(catalogue.translate('en', 'mail_greeting_name', { name: 'Susan' })).toBe('Hello Susan,');
  });

  it('never fills a placeholder that came in with a value', () => {
    expect(
      catalogue.translate('en', 'mail_reset_asked_person', { appName: '{email}', email: 'x' }),
    ).toContain('your {email} account x');
  });

  it('that no language has is a fault of the template', () => {
    expect(() => catalogue.translate('en', 'constructor')).toThrow(
      expect.objectContaining({ code: 'config_invalid' }),
    );
  });
});

describe('the choice of a language', () => {
  const available = ['ar', 'de', 'en', 'ko', 'pt-BR', 'zh-Hant'];

  it.each([
    [['de'], 'de'],
    [['de-AT'], 'de'],
    [['de_DE.UTF-8'], 'de'],
    [['KO-kr'], 'ko'],
    [['pt-br'], 'pt-BR'],
    [['zh-Hant-TW'], 'zh-Hant'],
    [[null, undefined, '', 'nl', 'ko'], 'ko'],
    [['nl', 'sv'], 'en'],
    [['../../etc/passwd', '__proto__'], 'en'],
    [[], 'en'],
  ])('%j is %s', (wanted, chosen) => {
    expect(chooseLocale(wanted, available)).toBe(chosen);
  });

  const answers = {
    'pt-BR': ['pt', 'pt-PT', 'pt_BR'],
    'zh-Hans': ['zh', 'zh-CN', 'zh_Hans_CN', 'zh-SG', 'zh_cmn_hans'],
    he: ['iw', 'he_IL'],
    it: ['it-CH'],
    nl: ['nl-BE'],
    // Another script than the one that is asked for.
    en: ['zh-TW', 'zh-Hant', 'zh_cmn_hant'],
    ru: ['ru-Latn'],
  };
  const pairs = Object.entries(answers).flatMap(([chosen, all]) =>
    all.map((wanted) => [wanted, chosen] as const),
  );
  it.each(pairs)('that there are: %s is %s', (wanted, chosen) => {
    expect(chooseLocale([wanted], catalogue.available)).toBe(chosen);
  });

  it('takes the next choice of people who read another script', () => {
    const header = parseAcceptLanguage('zh-HK,en;q=0.5,ja;q=0.8');
    expect(chooseLocale(header, catalogue.available)).toBe('ja');
  });

  it('prefers a file of that very name, and takes one in the script', () => {
    expect(chooseLocale(['pt-PT'], ['pt-BR', 'pt-PT'])).toBe('pt-PT');
    expect(chooseLocale(['zh-HK'], ['zh-Hans', 'zh-Hant'])).toBe('zh-Hant');
  });

  it.each([
    ['ko,en;q=0.5', ['ko', 'en']],
    ['en;q=0.5, ko-KR;q=0.9, *;q=0.1', ['ko-KR', 'en']],
    ['de;q=0, fr', ['fr']],
    ['de;q=x, <script>, fr', ['fr']],
    [undefined, []],
    ['a'.repeat(5000), []],
  ])('reads the header %j', (header, languages) => {
    expect(parseAcceptLanguage(header)).toEqual(languages);
  });
});
