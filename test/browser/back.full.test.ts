import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { issueCode } from '../../src/flows/links/issue-code.ts';
import { issueLink } from '../../src/flows/links/issue-link.ts';
import { needs } from '../helpers/needs.ts';
import { goBack, goForward, reload } from './history.ts';
import { browser, site, useBrowser } from './use-browser.ts';

const GOOD = 'seven green bottles on a wall';
const email = 'susan@example.com';
const hasBrowser = needs('chromium');

useBrowser();

const wish = () => ({ identifier: { email }, actor: site.app.operator });
const issue = async (): Promise<string> =>
  `${site.url}/reset_password/${(await issueLink(site.app, wish())).token}`;
const submit = (page: Page): Promise<unknown> =>
  Promise.all([page.waitForNavigation(), page.click('button[type=submit]')]);
const setPassword = async (page: Page, password: string): Promise<void> => {
  await page.fill('#password', password);
  await page.fill('#password2', password);
  await submit(page);
};
const typeCode = async (page: Page, code: string): Promise<void> => {
  await page.fill('#email', email);
  await page.fill('#code', code);
  await submit(page);
};
const heading = (page: Page): Promise<string | null> => page.locator('h1').textContent();
const posts = () =>
  site.logs.filter(({ event, method }) => event === 'http_request' && method === 'POST').length;

describe.runIf(hasBrowser)('the Back button', () => {
  it('leads from the end to a used link that says so, and on from there, after a refused password too', async () => {
    const page = await browser.newPage();
    const link = await issue();
    await page.goto(`${site.url}/reset_password_request`);
    await page.goto(link);
    await setPassword(page, 'too short');
    expect(await page.title()).toMatch(/^Error: /);
    await setPassword(page, GOOD);
    expect(page.url()).toBe(`${site.url}/reset_password/done`);
    for (const before of ['the refused form', 'the form']) {
      expect([before, (await goBack(page))?.status()]).toEqual([before, 410]);
      expect(await heading(page)).toBe('This link has already been used');
      expect(await page.locator('main a').count()).toBe(1);
    }
    await goBack(page);
    expect(await heading(page)).toBe('Forgot your password?');
    for (const after of ['the form', 'the refused form'])
      expect([after, (await goForward(page))?.status()]).toEqual([after, 410]);
    await goForward(page);
    expect(page.url()).toBe(`${site.url}/reset_password/done`);
    expect(posts()).toBe(2); // nothing was sent again on the way
    await page.close();
  });

  it('and the Reload button show the clean form after a refused password, and send nothing again', async () => {
    const page = await browser.newPage();
    await page.goto(await issue());
    await setPassword(page, 'too short');
    expect((await reload(page))?.status()).toBe(200);
    expect(await page.locator('[role=alert]').count()).toBe(0);
    expect((await goBack(page))?.status()).toBe(200);
    expect(await page.locator('#password').count()).toBe(1);
    expect(posts()).toBe(1);
    await page.close();
  });

  it('leads through every page of somebody with a code to one where it can be typed again', async () => {
    const page = await browser.newPage();
    const { code } = await issueCode(site.app, wish());
    await page.goto(`${site.url}/reset_password_code`);
    await typeCode(page, 'AAAA-AAAA');
    await typeCode(page, code);
    await setPassword(page, 'too short');
    await setPassword(page, 'short again');
    const back = async (): Promise<void> => {
      await goBack(page);
      expect(page.url()).toBe(`${site.url}/reset_password_code`);
      expect(await page.locator('#code').count()).toBe(1);
    };
    await back();
    await typeCode(page, code); // the same browser may
    await setPassword(page, GOOD);
    expect(page.url()).toBe(`${site.url}/reset_password/done`);
    for (let count = 0; count < 4; count += 1) await back();
    await page.close();
  });

  it('needs the Reload button where no script runs, and sets nothing again', async () => {
    const page = await browser.newPage({ javaScriptEnabled: false });
    await page.goto(await issue());
    await setPassword(page, 'too short');
    await setPassword(page, GOOD);
    // "Confirm form resubmission", which is a page of the browser's own.
    await Promise.all([page.waitForEvent('domcontentloaded'), goBack(page).catch(() => null)]);
    await reload(page);
    expect(await heading(page)).toBe('This link has already been used');
    expect(await page.locator('main a').count()).toBe(1);
    await page.close();
  });

  it('comes back to an error that answered a form', async () => {
    const page = await browser.newPage();
    const link = await issue();
    await page.goto(link);
    const other = await browser.newPage();
    await other.goto(link);
    await setPassword(other, GOOD);
    await setPassword(page, GOOD);
    expect(await heading(page)).toBe('This link has already been used');
    await page.click('main a');
    await page.waitForURL(`${site.url}/reset_password_request`);
    expect((await goBack(page))?.status()).toBe(410);
    expect(await heading(page)).toBe('This link has already been used');
    await page.close();
    await other.close();
  });
});
