import { compare } from 'bcrypt';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { issueCode } from '../../src/flows/links/issue-code.ts';
import { needs } from '../helpers/needs.ts';
import { goBack, reload } from './history.ts';
import { expectReadableAsIs, settings } from './readable.ts';
import { browser, site, useBrowser } from './use-browser.ts';

const GOOD = 'seven green bottles on a wall';
const email = 'susan@example.com';

const hasBrowser = needs('chromium');

useBrowser();

const issue = async (): Promise<string> =>
  (await issueCode(site.app, { identifier: { email }, actor: site.app.operator })).code;
const storedHash = async (): Promise<string> =>
  ((await site.app.usersDb('users').where({ email }).first('password_hash')) as { password_hash: string })
    .password_hash;

const submit = (page: Page): Promise<unknown> =>
  Promise.all([page.waitForNavigation(), page.click('button[type=submit]')]);

describe.runIf(hasBrowser)('a person on the phone, with a browser', () => {
  it.each(settings)(
    'mistypes the code, types it, is refused, sets a password and is done: %s',
    async (_name, options) => {
      const page = await browser.newPage(options);
      const addresses: string[] = [];
      page.on('request', (request) => addresses.push(request.url()));
      const check = () => expectReadableAsIs(browser, page, options);
      const code = await issue();

      await page.goto(`${site.url}/reset_password_request`);
      await Promise.all([page.waitForNavigation(), page.click('main a')]);
      expect(page.url()).toBe(`${site.url}/reset_password_code`);
      await check();
      await page.fill('#email', email);
      await page.fill('#code', 'AAAA-AAAA');
      await submit(page);
      expect(await page.locator('[role=alert]').count()).toBe(1);
      expect(await page.inputValue('#email')).toBe(email);
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('code');
      await check();

      await page.fill('#code', ` ${code.toLowerCase()} `);
      await submit(page);
      expect(await page.locator('#password').count()).toBe(1);
      await check();
      await page.fill('#password', 'too short');
      await page.fill('#password2', 'too short');
      await submit(page);
      expect(await page.locator('[role=alert]').count()).toBe(1);
      await check();
      await page.fill('#password', GOOD);
      await page.fill('#password2', GOOD);
      await submit(page);
      expect(page.url()).toBe(`${site.url}/reset_password/done`);
      expect(await compare(GOOD, await storedHash())).toBe(true);
      expect(await page.context().cookies()).toEqual([]);
      // No address holds a code or a token.
      for (const address of addresses) expect(address).not.toMatch(/eyJ|\?|[0-9A-Z]{4}-[0-9A-Z]{4}/);
      await page.close();
    },
  );

  it('reads from right to left, and the code from left to right', async () => {
    const page = await browser.newPage({ locale: 'ar' });
    await page.goto(`${site.url}/reset_password_code`);
    expect(await page.getAttribute('html', 'dir')).toBe('rtl');
    expect(await page.getAttribute('#code', 'dir')).toBe('ltr');
    expect(await page.locator('#code-hint').textContent()).toContain('\u20687KQM\u20112X9T\u2069');
    await page.close();
  });

  it('pastes the code, loads the next page again, and goes back and types it again', async () => {
    const page = await browser.newPage();
    const code = await issue();
    await page.goto(`${site.url}/reset_password_code`);
    await page.fill('#email', email);
    await page.focus('#code');
    await page.keyboard.insertText(`${code}\n`); // as a paste does
    await submit(page);
    await reload(page);
    expect(await page.locator('#password').count()).toBe(1);
    await goBack(page);
    await page.fill('#email', email);
    await page.fill('#code', code);
    await submit(page);
    await page.fill('#password', GOOD);
    await page.fill('#password2', GOOD);
    await submit(page);
    expect(page.url()).toBe(`${site.url}/reset_password/done`);
    await page.close();
  });

  it('is not overtaken by somebody who heard the code: the second browser is refused', async () => {
    const code = await issue();
    const [first, second] = [await browser.newContext(), await browser.newContext()];
    const type = async (page: Page): Promise<Page> => {
      await page.goto(`${site.url}/reset_password_code`);
      await page.fill('#email', email);
      await page.fill('#code', code);
      await submit(page);
      return page;
    };
    expect(await (await type(await first.newPage())).locator('#password').count()).toBe(1);
    expect(await (await type(await second.newPage())).locator('[role=alert]').count()).toBe(1);
    await first.close();
    await second.close();
  });
});
