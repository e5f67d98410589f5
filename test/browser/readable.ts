import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** How many pixels the page is wider than the screen. */
export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/**
 * Checks accessibility, and that nothing is wider than the screen. axe needs a script, and the page allows only its
 * own.
 */
export async function expectReadable(page: Page): Promise<void> {
  expect(await overflowOf(page)).toBeLessThanOrEqual(0);
  await page.evaluate(axeSource);
  const found = await page.evaluate(() =>
    (
      window as unknown as {
        axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      }
    ).axe.run(),
  );
  expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([]);
}

/**
 * Without scripts axe cannot run either, so it checks the same page, in the same state, in a browser that allows
 * scripts.
 */
async function expectReadableWithoutScript(
  browser: Browser,
  page: Page,
  options: BrowserContextOptions,
): Promise<void> {
  expect(await page.locator('#show').isVisible()).toBe(false);
  const body = (await page.content()).replace(/<script\b[^>]*><\/script>/, '');
  expect(body).not.toContain('<script');
  const twin = await browser.newPage({ ...options, javaScriptEnabled: true });
  await twin.route(page.url(), (route) => route.fulfill({ contentType: 'text/html', body }));
  await twin.goto(page.url());
  await expectReadable(twin);
  await twin.close();
}

/** `expectReadable` for a page that was opened with these options. */
export const expectReadableAsIs = (
  browser: Browser,
  page: Page,
  options: BrowserContextOptions,
): Promise<void> =>
  options.javaScriptEnabled === false
    ? expectReadableWithoutScript(browser, page, options)
    : expectReadable(page);

export const looks: readonly [string, BrowserContextOptions][] = [
  ['in light', { colorScheme: 'light' }],
  ['in dark', { colorScheme: 'dark' }],
  ['320 pixels wide', { viewport: { width: 320, height: 568 } }],
  ['in Korean', { locale: 'ko-KR' }],
  ['in Arabic', { locale: 'ar' }],
];
export const settings = looks.flatMap(([name, options]): [string, BrowserContextOptions][] => [
  [name, options],
  [`${name}, without script`, { ...options, javaScriptEnabled: false }],
]);
