import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { loadBlocklist } from '../../src/passwords/load-blocklist.ts';
import { checkPassword } from '../../src/passwords/policy.ts';
import type { PasswordContext, PolicySettings } from '../../src/passwords/policy.ts';
import { watchNormalize } from '../helpers/watch-normalize.ts';
import { removeFolder } from '../helpers/temporary-folder.ts';

const context: PasswordContext = {
  appName: 'Acme Customer Portal',
  host: 'portal.acme-company.example',
  email: 'susan.montgomery@example.com',
  name: 'susan',
};

async function codesOf(password: string, settings: PolicySettings = {}): Promise<string[]> {
  const { violations } = await checkPassword(password, context, settings);
  return violations.map((violation) => violation.code);
}

/** Only the length is tested here: a repeated letter is also refused for being repeated. */
const lengthCodesOf = async (...args: Parameters<typeof codesOf>): Promise<string[]> =>
  (await codesOf(...args)).filter((code) => code !== 'too_common');

describe('R29: a password has at least 15 code points', () => {
  it.each([
    ['fourteen letters', 'kzvqjxwpfmhdyb', ['too_short']],
    ['fifteen letters', 'kzvqjxwpfmhdybt', []],
    ['fourteen emoji', '😀'.repeat(14), ['too_short']],
    ['fifteen emoji', '😀'.repeat(15), []],
    ['eight letters with combining marks', 'e\u0301'.repeat(8), []],
  ])('judges %s', async (_what, password, expected) => {
    expect(await lengthCodesOf(password)).toEqual(expected);
  });

  it('counts after the normalisation that is set', async () => {
    expect(await lengthCodesOf('e\u0301'.repeat(8), { normalize: 'nfc' })).toEqual(['too_short']);
  });

  it('can be set to 8, and not lower', async () => {
    expect(await lengthCodesOf('kzvqjxwp', { minLength: 8 })).toEqual([]);
    await expect(lengthCodesOf('kzvqjxw', { minLength: 7 })).rejects.toMatchObject({
      code: 'config_invalid',
    });
  });

  it('says how many characters are missing', async () => {
    const { violations } = await checkPassword('kzvqjxwp', {}, { minLength: 15 });
    expect(violations).toEqual([
      {
        code: 'too_short',
        params: { min: 15, actual: 8 },
        message: 'The password has 8 characters; at least 15 are needed.',
      },
    ]);
  });
});

describe('R30: long passwords are accepted whole', () => {
  it.each([64, 1024, 4096])('takes %i bytes', async (count) => {
    expect(await lengthCodesOf('k'.repeat(count))).toEqual([]);
  });

  it('keeps spaces at both ends and the case', async () => {
    const { password } = await checkPassword('  Kzvq jxwp fmhd  ', {}, {});
    expect(password).toBe('  Kzvq jxwp fmhd  ');
  });
});

describe('R31: a password longer than the format takes is refused, in bytes', () => {
  it.each([
    ['72 letters', 'k'.repeat(72), []],
    ['73 letters', 'k'.repeat(73), ['too_long']],
    ['18 emoji', '😀'.repeat(18), []],
    ['18 emoji and a letter', `${'😀'.repeat(18)}k`, ['too_long']],
  ])('judges %s', async (_what, password, expected) => {
    expect(await lengthCodesOf(password, { maxBytes: 72 })).toEqual(expected);
  });

  it.each([
    ['128 letters', 'k'.repeat(128), []],
    ['129 letters', 'k'.repeat(129), ['too_long']],
    ['64 emoji, which a form counts twice', '😀'.repeat(64), []],
    ['65 emoji', '😀'.repeat(65), ['too_long']],
  ])(
    'and longer than the application’s own forms take, in characters: %s',
    async (_what, password, expected) => {
      expect(await lengthCodesOf(password, { maxLength: 128 })).toEqual(expected);
    },
  );

  it('names the limit and the characters', async () => {
    const { violations } = await checkPassword('k'.repeat(130), {}, { maxLength: 128 });
    expect(violations.filter(({ code }) => code === 'too_long')).toEqual([
      {
        code: 'too_long',
        params: { max: 128, actual: 130 },
        message: "The password has 130 characters; the application's own forms accept 128.",
      },
    ]);
  });

  it('names the limit and the bytes', async () => {
    const { violations } = await checkPassword('k'.repeat(80), {}, { maxBytes: 72 });
    expect(violations.find(({ code }) => code === 'too_long')).toMatchObject({
      params: { maxBytes: 72, bytes: 80 },
    });
    expect(violations.find(({ code }) => code === 'too_long')?.message).toContain('80 bytes');
  });
});

describe('R32: what a login could read differently is refused', () => {
  it.each([
    ['NUL', 'kzvqjxwpfmhd\0ybt'],
    ['a high surrogate alone', 'kzvqjxwpfmhdyb\ud800t'],
    ['a low surrogate alone', 'kzvqjxwpfmhdyb\udc00t'],
    ['a line break', 'kzvqjxwpfmhdyb\nt'],
    ['a tab', 'kzvqjxwpfmhdyb\tt'],
  ])('refuses %s', async (_what, password) => {
    expect(await codesOf(password)).toEqual(['not_text']);
  });
});

describe('R33: no composition rules', () => {
  it.each([
    ['lower case', 'kzvqjxwpfmhdybt'],
    ['upper case', 'KZVQJXWPFMHDYBT'],
    ['digits', '804715326917204'],
    ['letters and spaces', 'quiet otter lamp'],
    ['CJK', '山川空海風花鳥月雪星雲雨森石火'],
    ['punctuation', '!)(*&^%$#@-_=+{'],
  ])('accepts %s alone', async (_what, password) => {
    expect(await codesOf(password)).toEqual([]);
  });
});

describe('R34: known and obvious passwords are refused whole', () => {
  it('refuses every entry of the list that is long enough, in two casings', async () => {
    const { dictionary } = await import('@zxcvbn-ts/language-common');
    const entries = dictionary['passwords-common'].filter((entry) => entry.length >= 15);
    expect(entries.length).toBeGreaterThan(10);
    const spellings = entries.flatMap((entry) => [entry, entry.toUpperCase()]);
    const judged = await Promise.all(spellings.map(async (word) => ({ word, codes: await codesOf(word) })));
    expect(judged.filter(({ codes }) => !codes.includes('too_common'))).toEqual([]);
  });

  it('does not mind listed words inside a longer password', async () => {
    expect(await codesOf('correct horse battery staple password')).toEqual([]);
  });

  it.each([
    { what: 'the application', password: 'acme customer portal', source: 'app' },
    { what: 'the e-mail address', password: 'Susan.Montgomery@example.com', source: 'email' },
    { what: 'the part before the @', password: 'SUSAN-MONTGOMERY', source: 'email' },
    { what: 'the address with a year', password: 'susanmontgomery2026', source: 'email' },
    { what: 'the user name again and again', password: 'susansusansusan', source: 'name' },
    { what: 'the host', password: 'portal.acme-company.example', source: 'host' },
  ])('refuses the name of $what and says so', async ({ password, source }) => {
    const { violations } = await checkPassword(password, context, {});
    expect(violations).toContainEqual(expect.objectContaining({ code: 'too_similar', params: { source } }));
  });

  it('never repeats the password in what it says', async () => {
    const { violations } = await checkPassword('susansusansusan', context, {});
    expect(JSON.stringify(violations)).not.toContain('susan');
  });
});

describe("the operator's own list", () => {
  const folders: string[] = [];
  afterEach(() => Promise.all(folders.splice(0).map((folder) => removeFolder(folder))));

  async function writeList(text: string): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'blocklist-'));
    folders.push(folder);
    const path = join(folder, 'words.txt');
    await writeFile(path, text);
    return path;
  }

  it('is refused in any case', async () => {
    const blocklist = await loadBlocklist(await writeList('Summer in the City\r\n\r\nzweite Zeile hier\n'));
    expect(await codesOf('SUMMER IN THE CITY', { blocklist })).toEqual(['too_common']);
    expect(await codesOf('zweite zeile hier', { blocklist })).toEqual(['too_common']);
    expect(blocklist.size).toBe(2);
  });

  it('is a problem of the configuration when it cannot be read', async () => {
    await expect(loadBlocklist(join(tmpdir(), 'there-is-no-such-list.txt'))).rejects.toMatchObject({
      code: 'config_invalid',
    });
  });
});

describe('R35: all reasons come at once', () => {
  it('names each of them', async () => {
    expect(await codesOf('susan\0')).toEqual(['too_common', 'too_similar', 'too_short', 'not_text']);
  });
});

describe('R41: a huge password is refused before anything looks at it', () => {
  it('normalises nothing of 900 kB of combining marks', async () => {
    const normalised = watchNormalize();
    expect(await codesOf(`a${'\u0301'.repeat(450_000)}`, { normalize: 'nfkc' })).toEqual(['too_long']);
    expect(normalised().filter((length) => length > 1000)).toEqual([]);
  });

  it('looks again after normalising, which makes 18 characters of one', async () => {
    expect(await codesOf('\uFDFA'.repeat(1000), { normalize: 'nfkc' })).toEqual(['too_long']);
  });
});
