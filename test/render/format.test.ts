import { describe, expect, it } from 'vitest';
import { makePalette } from '../../src/render/accent.ts';
import { formatDuration, formatInstant } from '../../src/render/format.ts';
import { wrapText } from '../../src/render/wrap-text.ts';

const minute = 60_000;
const hour = 60 * minute;

describe('a duration', () => {
  it.each([
    [90_000, 'en', '90 seconds'],
    [minute, 'en', '1 minute'],
    [90 * minute, 'en', '90 minutes'],
    [hour, 'en', '1 hour'],
    [24 * hour, 'en', '24 hours'],
    [48 * hour, 'en', '2 days'],
    [7 * 24 * hour, 'en', '7 days'],
    [hour - 1000, 'en', '59 minutes'],
    [25 * hour + 59 * minute + 1, 'en', '25 hours'],
    [hour, 'ko', '1시간'],
    [24 * hour, 'de', '24 Stunden'],
    [2 * hour, 'ar', 'ساعتان'],
    [hour, 'he', 'שעה אחת'],
    [2 * hour, 'he', 'שעתיים'],
    [hour, 'pl', '1 godzina'],
    [24 * hour, 'pl', '24 godziny'],
    [24 * hour, 'ru', '24 часа'],
    [90 * minute, 'ru', '90 минут'],
    [hour, 'pt-BR', '1 hora'],
    [24 * hour, 'it', '24 ore'],
    [24 * hour, 'nl', '24 uur'],
    [hour, 'tr', '1 saat'],
    [hour, 'zh-Hans', '1小时'],
  ])('%d ms in %s is %s', (ms, locale, text) => {
    expect(formatDuration(ms, locale)).toBe(text);
  });
});

describe('an instant', () => {
  const at = Date.UTC(2026, 10, 22, 15);

  const inUtc = Object.entries({
    en: 'November~22, 2026 at 3:00~PM~UTC',
    es: '22~de~noviembre de 2026 a las 15:00~UTC',
    ja: '2026年11月22日 15:00~UTC',
    'pt-BR': '22~de~novembro de 2026 às 15:00~UTC',
    it: '22~novembre 2026 alle ore 15:00~UTC',
    nl: '22~november 2026 om 15:00~UTC',
    pl: '22~listopada 2026 15:00~UTC',
    tr: '22~Kasım 2026 15:00~UTC',
    ru: '22~ноября 2026~г. в 15:00~UTC',
    'zh-Hans': '2026年11月22日 UTC~15:00',
    he: '22~בנובמבר 2026 בשעה 15:00~UTC',
  });
  it.each([
    ...inUtc.map(([locale, text]) => [locale, 'UTC', text] as const),
    ['de', 'Europe/Berlin', '22.~November 2026 um 16:00~MEZ'] as const,
    ['ko', 'Asia/Seoul', '2026년 11월~23일 00:00~GMT+9'] as const,
  ])('in %s and %s is %s, where ~ is a space at which no line ends', (locale, zone, text) => {
    expect(formatInstant(at, locale, zone)).toBe(text.replaceAll('~', '\u00a0'));
  });

  it.each([
    ['fr', '1er~décembre 2026 à 01:05~UTC', '2~décembre 2026 à 11:05~UTC'],
    ['es', '1~de~diciembre de 2026 a la 1:05~UTC', '2~de~diciembre de 2026 a las 11:05~UTC'],
    ['pt-BR', '1º~de~dezembro de 2026 à 01:05~UTC', '2~de~dezembro de 2026 às 11:05~UTC'],
    ['it', '1º~dicembre 2026 alle ore 01:05~UTC', '2~dicembre 2026 alle ore 11:05~UTC'],
    ['en', 'December~1, 2026 at 1:05~AM~UTC', 'December~2, 2026 at 11:05~AM~UTC'],
  ])('is written in %s as people write the first of a month and one o’clock: %s', (locale, first, second) => {
    const at = (day: number, hours: number): string =>
      formatInstant(Date.UTC(2026, 11, day, hours, 5), locale, 'UTC').replaceAll('\u00a0', '~');
    expect([at(1, 1), at(2, 11)]).toEqual([first, second]);
  });

  it('needs a zone that exists', () => {
    expect(() => formatInstant(at, 'en', 'Nowhere')).toThrow(
      expect.objectContaining({ code: 'config_invalid' }),
    );
  });
});

describe('wrapped prose', () => {
  it('breaks at spaces, never within a word', () => {
    expect(wrapText('one two three four', 9)).toBe('one two\nthree\nfour');
    expect(wrapText(`see ${'x'.repeat(20)} there`, 9)).toBe(`see\n${'x'.repeat(20)}\nthere`);
  });

  it('keeps the breaks that are there', () => {
    expect(wrapText('one\n\ntwo', 72)).toBe('one\n\ntwo');
  });

  it('counts wide letters as two columns', () => {
    expect(wrapText('새 비밀번호를 설정해 주세요', 14)).toBe('새 비밀번호를\n설정해 주세요');
  });

  it('breaks Japanese between phrases: no line begins with a full stop or a particle, none ends with a bracket', () => {
    const text = 'アカウント（a@example.com）のパスワードをご確認ください。次の行です。';
    expect(wrapText(text, 20)).toBe(
      'アカウント\n（a@example.com）の\nパスワードを\nご確認ください。次の\n行です。',
    );
  });

  it('begins no Chinese line with a mark', () => {
    const lines = wrapText(
      '如果您已设置新密码，请使用新密码登录；如需再次更改密码：请获取新链接。',
      18,
    ).split('\n');
    expect(lines.length).toBeGreaterThan(3);
    for (const line of lines) expect(line).not.toMatch(/^[，。；：]/u);
  });

  it('cuts no Japanese word behind its prefix', () => {
    expect(wrapText('パスワード再設定', 14)).toBe('パスワード\n再設定');
    expect(wrapText('次のページで申し込めます', 16)).toBe('次のページで\n申し込めます');
  });

  it('marks a line of a Hebrew text that begins with a Latin name', () => {
    const lines = wrapText('זוהי הודעה אל \u2068a@example.com\u2069. ועוד שורה אחת', 16).split('\n');
    expect(lines).toEqual(['זוהי הודעה אל', '\u200f\u2068a@example.com\u2069.', 'ועוד שורה אחת']);
  });

  it('marks a line of an Arabic text that begins with a Latin name, and no line of another text', () => {
    const name = '\u2068a@example.com\u2069';
    const lines = wrapText(`هذه رسالة إلى ${name}. وهذا سطر آخر بعد ذلك`, 20).split('\n');
    expect(lines).toEqual(['هذه رسالة إلى', `\u200f${name}.`, 'وهذا سطر آخر بعد ذلك']);
    const date = '\u206822 نوفمبر\u2069';
    expect(wrapText(`نص قصير جدًا هنا بتاريخ ${date}.`, 26)).toBe(`نص قصير جدًا هنا بتاريخ\n\u200f${date}.`);
    expect(wrapText('Last night our mail server was broken into.', 20)).not.toContain('\u200f');
  });

  it('loses no letter', () => {
    const text = 'このメールの真偽に不安がある場合は、リンクを開かずに、まず管理者へご確認ください。'.repeat(
      3,
    );
    expect(wrapText(text).replaceAll('\n', '')).toBe(text);
    for (const line of wrapText(text).split('\n')) expect(line.length).toBeLessThanOrEqual(36);
  });
});

describe('the accent colour', () => {
  const channel = (hex: string, at: number): number => {
    const share = parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  const luminance = (hex: string): number =>
    0.2126 * channel(hex, 1) + 0.7152 * channel(hex, 3) + 0.0722 * channel(hex, 5);
  const contrast = (one: string, other: string): number => {
    const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };

  it.each(['#1f5fbf', '#ffdd00', '#ff0000', '#00ff00', '#808080', '#000000', '#ffffff', '#e91e63'])(
    '%s can be read on buttons and as a link, by day and by night',
    (accent) => {
      const palette = makePalette(accent);
      expect(contrast(palette.accent, palette.onAccent)).toBeGreaterThanOrEqual(4.5);
      for (const light of ['#ffffff', '#f1f3f6'])
        expect(contrast(palette.onLight, light)).toBeGreaterThanOrEqual(4.5);
      for (const dark of ['#121417', '#1c1f24', '#292d34'])
        expect(contrast(palette.onDark, dark)).toBeGreaterThanOrEqual(4.5);
      // The shape of the button, as soon as it is not the accent itself that stands out.
      expect(contrast(palette.edgeOnLight, '#ffffff')).toBeGreaterThanOrEqual(3);
      expect(contrast(palette.edgeOnDark, '#1c1f24')).toBeGreaterThanOrEqual(3);
    },
  );

  it('is the edge of its button wherever it stands out by itself', () => {
    expect(makePalette('#1f5fbf').edgeOnLight).toBe('#1f5fbf');
    expect(makePalette('#ffdd00').edgeOnDark).toBe('#ffdd00');
  });

  it.each(['red', '#fff', '#1f5fbf;}body{display:none', ''])('R63: is never %j', (accent) => {
    expect(() => makePalette(accent)).toThrow(expect.objectContaining({ code: 'config_invalid' }));
  });
});
