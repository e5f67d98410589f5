import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { requestReset } from '../../../src/flows/links/request-reset.ts';
import { runWorker } from '../../../src/flows/delivery/run-worker.ts';
import { createTestApp, type TestApp, type TestAppOptions } from '../../helpers/create-test-app.ts';
import type { ReceivedMail } from '../../helpers/mailbox.ts';
import { removeFolder } from '../../helpers/temporary-folder.ts';

let test: TestApp;
afterEach(() => test.close());

/** The one mail that `susan` gets, with this language in her row and this one said for the mail. */
async function mailTo(
  { stored, said }: { stored?: string; said?: string },
  config: TestAppOptions['config'] = {},
): Promise<ReceivedMail> {
  test = await createTestApp({ config });
  await test.addUser({ email: 'susan@example.com', ...(stored === undefined ? {} : { locale: stored }) });
  const actor = test.app.operator;
  await requestReset(test.app, {
    identifier: { email: 'susan@example.com' },
    actor,
    bucket: null,
    locale: said,
  });
  await runWorker(test.app, { once: true, signal: new AbortController().signal });
  const [mail] = await test.mailbox!.waitFor(1);
  return mail as ReceivedMail;
}

describe('the language of a mail', () => {
  it.each([
    ['the recipient’s column first', { stored: 'ko', said: 'de' }, 'ko'],
    ['then what was said for this mail', { said: 'de' }, 'de'],
    ['then the configuration', {}, 'fr'],
    [
      'the next one where the column names a language that there is none of',
      { stored: 'tlh', said: 'es' },
      'es',
    ],
    ['a language without its region', { stored: 'ja_JP.UTF-8' }, 'ja'],
  ] as const)('is %s', async (_name, languages, expected) => {
    const { parsed } = await mailTo(languages, { 'mail.locale': 'fr' });
    expect(parsed.html).toContain(`<html lang="${expected}"`);
  });
});

describe('the brand in a mail', () => {
  it('is name, accent colour and where to ask for help, as configured', async () => {
    const { parsed } = await mailTo(
      {},
      { appName: 'Acme Books', 'brand.color': '#8a1c4a', 'brand.support': 'extension 4711' },
    );
    expect(parsed.subject).toBe('Reset your password for Acme Books: here’s your link');
    expect(parsed.html).toMatch(/background-color:#8a1c4a/i);
    for (const part of [parsed.html, parsed.text]) {
      expect(part).toContain('Acme Books');
      expect(part).toContain('extension 4711');
    }
  });

  it('loads no image, also where the pages have a logo', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'brand-'));
    const logo = join(folder, 'logo.png');
    await writeFile(logo, 'a picture');
    const { parsed } = await mailTo({}, { 'brand.logo': logo });
    expect(parsed.html).not.toMatch(/<img|logo\.png|url\(/);
    expect(parsed.attachments).toEqual([]);
    await removeFolder(folder);
  });

  it('names the end of the link in the configured zone', async () => {
    const { parsed } = await mailTo({}, { timeZone: 'Asia/Seoul' });
    expect(parsed.text).toContain('GMT+9');
  });
});
