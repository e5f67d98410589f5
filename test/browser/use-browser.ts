import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { launchBrowser } from './launch-browser.ts';
import { openSite, type Site } from './open-site.ts';

/** The browser of this file. */
export let browser: Browser;
/** The site of this test, with Susan in it. */
export let site: Site;

/** One browser for the tests of a file, and a site for each of them. */
export function useBrowser(): void {
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    site = await openSite();
    await site.addUser({ email: 'susan@example.com' });
  });
  afterEach(() => site.close());
}
