// Every mail and page as a picture, for people to look at: npm run screenshots → test-output/screenshots/index.html
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { loadConfig } from '../../dist/config/load.js';
import { PAGE_VIEWS } from '../../dist/flows/preview-kinds.js';
import { previewMail } from '../../dist/flows/preview-mail.js';
import { previewPage } from '../../dist/flows/preview-page.js';

const folder = fileURLToPath(new URL('../../test-output/screenshots/', import.meta.url));
const LOCALES = ['en', 'ko', 'ar', 'de', 'fr', 'es', 'ja'];
/** Looked at in every size and colour; the others only wide and light, for their words. */
const IN_FULL = ['en', 'ko', 'ar'];
const SIZES = { wide: { width: 900, height: 700 }, narrow: { width: 320, height: 640 } };
const SCHEMES = ['light', 'dark'];
const REASON = 'Last night our mail server was broken into.\nWe do not know yet whose passwords were read.';
const clock = { now: () => Date.UTC(2026, 10, 22, 14) };

const mails = {
  'mail-reset': { mail: 'reset', format: 'html' },
  'mail-batch': { mail: 'reset', format: 'html', ticket: 'SUP-4711', reason: REASON },
  'mail-notice': { mail: 'notice', format: 'html' },
};

const configFor = (locale) =>
  loadConfig({
    cwd: null,
    flags: {
      'mail.locale': locale,
      appName: 'Example Shop',
      timeZone: 'Asia/Seoul',
      loginUrl: 'https://example.com/login',
      'brand.support': 'help@example.com',
    },
  });

/** name → HTML of everything in one language */
async function renderAll(locale) {
  const config = await configFor(locale);
  const all = [];
  for (const view of PAGE_VIEWS) all.push([`page-${view}`, await previewPage(config, view)]);
  for (const [name, wanted] of Object.entries(mails))
    all.push([name, await previewMail(config, clock, wanted)]);
  return all;
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
const pictures = [];
for (const locale of LOCALES) {
  const rendered = await renderAll(locale);
  for (const [size, viewport] of Object.entries(IN_FULL.includes(locale) ? SIZES : { wide: SIZES.wide })) {
    for (const colorScheme of IN_FULL.includes(locale) ? SCHEMES : ['light']) {
      const page = await browser.newPage({ viewport, colorScheme, locale });
      for (const [name, html] of rendered) {
        const file = `${locale}-${size}-${colorScheme}-${name}.png`;
        await page.setContent(html);
        await page.screenshot({ path: `${folder}${file}`, fullPage: true });
        pictures.push(file);
      }
      await page.close();
    }
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
