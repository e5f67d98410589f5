// Every mail and page as a picture, for people to look at: npm run screenshots → test-output/screenshots/index.html
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { loadConfig } from '../../dist/config/load.js';
import { PAGE_VIEWS } from '../../dist/flows/preview/preview-kinds.js';
import { previewMail } from '../../dist/flows/preview/preview-mail.js';
import { previewPage } from '../../dist/flows/preview/preview-page.js';
import { createCatalogue } from '../../dist/render/catalogue.js';

const folder = fileURLToPath(new URL('../../test-output/screenshots/', import.meta.url));
/** Looked at in dark as well; the others in light, for their words. */
const IN_DARK = ['en', 'ko', 'ar'];
/** Looked at in other colours than ours. */
const IN_COLOUR = ['page-rejected', 'page-done', 'mail-batch'];
const SIZES = { wide: { width: 900, height: 700 }, narrow: { width: 320, height: 640 } };
const REASON = 'Last night our mail server was broken into.\nWe do not know yet whose passwords were read.';
const clock = { now: () => Date.UTC(2026, 10, 22, 14) };

const mails = {
  'mail-reset': { mail: 'reset' },
  'mail-ticket': { mail: 'reset', ticket: 'SUP-4711' },
  'mail-batch': { mail: 'reset', ticket: 'SUP-4711', reason: REASON },
  'mail-notice': { mail: 'notice' },
  'mail-notice-ticket': { mail: 'notice', ticket: 'SUP-4711' },
};

const configFor = (locale, brand = {}) =>
  loadConfig({
    cwd: null,
    flags: {
      ...brand,
      'mail.locale': locale,
      appName: 'Example Shop',
      timeZone: 'Asia/Seoul',
      loginUrl: 'https://example.com/login',
      'brand.support': 'help@example.com',
    },
  });

/** name → HTML of everything in one language */
async function renderAll(config) {
  const all = [];
  for (const view of PAGE_VIEWS) all.push([`page-${view}`, await previewPage(config, view)]);
  for (const [name, wanted] of Object.entries(mails))
    all.push([name, await previewMail(config, clock, { ...wanted, format: 'html' })]);
  return all;
}

/** The text parts, as a mail program without HTML shows them. */
async function renderTexts(config) {
  const all = [];
  for (const [name, wanted] of Object.entries(mails)) {
    const text = await previewMail(config, clock, { ...wanted, format: 'text' });
    const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
    all.push([
      `${name}-text`,
      `<!DOCTYPE html><meta charset="utf-8"><pre dir="auto" style="white-space:pre-wrap;overflow-wrap:anywhere">${escaped}</pre>`,
    ]);
  }
  return all;
}

/** A page in use: a password that is half good, shown, with Caps Lock on. */
async function typeInto(page) {
  await page.check('#show');
  await page.fill('#password', 'Correct horse');
  await page.fill('#password2', 'Correct');
  await page.evaluate(() =>
    document
      .querySelector('#password2')
      .dispatchEvent(new KeyboardEvent('keydown', { modifierCapsLock: true })),
  );
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const logo = `${folder}logo.svg`;
writeFileSync(logo, '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40"><rect width="120" height="40" rx="8" fill="#7a1fa2"/></svg>'); // prettier-ignore
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
const pictures = [];

/** Without a font every letter is the same box, and the pictures show nothing. */
async function assertFonts() {
  const page = await browser.newPage();
  const lacking = await page.evaluate(
    (pairs) => {
      const draw = (letter) => {
        const canvas = document.createElement('canvas');
        const context = canvas.getContext('2d');
        context.font = '32px sans-serif';
        context.fillText(letter, 4, 40);
        return canvas.toDataURL();
      };
      return pairs.filter(([one, other]) => draw(one) === draw(other));
    },
    [...'한글かな漢字عنעבЖД'.matchAll(/../g)].map(([pair]) => [...pair]),
  );
  await page.close();
  if (lacking.length > 0)
    throw new Error(`No font for ${lacking.join(' ')}: apt-get install fonts-noto-cjk fonts-noto-core`);
}

async function photograph(page, file) {
  await page.screenshot({ path: `${folder}${file}`, fullPage: true });
  pictures.push(file);
}

await assertFonts();
for (const locale of createCatalogue().available) {
  const config = await configFor(locale);
  const rendered = await renderAll(config);
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of IN_DARK.includes(locale) ? ['light', 'dark'] : ['light']) {
      const page = await browser.newPage({ viewport, colorScheme, locale });
      for (const [name, html] of rendered) {
        await page.setContent(html);
        await photograph(page, `${locale}-${size}-${colorScheme}-${name}.png`);
        if (name !== 'page-rejected') continue;
        await typeInto(page);
        await photograph(page, `${locale}-${size}-${colorScheme}-page-typed.png`);
      }
      await page.close();
    }
  }
  const page = await browser.newPage({ viewport: SIZES.wide, locale });
  for (const [name, html] of await renderTexts(config)) {
    await page.setContent(html);
    await photograph(page, `${locale}-wide-light-${name}.png`);
  }
  await page.close();
}
// Colours that go badly with a page by day or by night, and a logo.
for (const [name, color] of Object.entries({ black: '#111111', pale: '#eeeeee', yellow: '#ffd400' })) {
  const config = await configFor('en', { 'brand.color': color, 'brand.logo': logo });
  const rendered = (await renderAll(config)).filter(([what]) => IN_COLOUR.includes(what));
  for (const colorScheme of ['light', 'dark']) {
    const page = await browser.newPage({ viewport: SIZES.narrow, colorScheme });
    for (const [what, html] of rendered) {
      await page.setContent(html);
      await photograph(page, `${name}-narrow-${colorScheme}-${what}.png`);
    }
    await page.close();
  }
}
await browser.close();
const figures = pictures.map(
  (file) => `<figure><img src="${file}" alt=""><figcaption>${file}</figcaption></figure>`,
);
const style = 'body{display:flex;flex-wrap:wrap;gap:16px;background:#888;font:12px sans-serif}figure{margin:0}img{max-width:300px;max-height:500px}'; // prettier-ignore
writeFileSync(
  `${folder}index.html`,
  `<!DOCTYPE html><meta charset="utf-8"><style>${style}</style>${figures.join('\n')}\n`,
);
process.stdout.write(`${pictures.length} pictures are in ${folder}index.html\n`);
