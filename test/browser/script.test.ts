import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { issueLink } from '../../src/flows/issue-link.ts';
import { launchBrowser } from './launch-browser.ts';
import { openSite, type Site } from './open-site.ts';

const GOOD = 'seven green bottles on a wall';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

let site: Site;
let page: Page;
beforeEach(async () => {
  site = await openSite();
  await site.addUser({ email: 'susan@example.com' });
});
afterEach(async () => {
  await page.context().close();
  await site.close();
});

async function openLink(options: BrowserContextOptions = {}): Promise<void> {
  const identifier = { email: 'susan@example.com' };
  const { token } = await issueLink(site.app, { identifier, actor: site.app.operator });
  page = await (await browser.newContext(options)).newPage();
  await page.goto(`${site.url}/reset_password/${token}`);
}

const states = () =>
  page
    .locator('[data-rule]')
    .evaluateAll((items) =>
      Object.fromEntries(
        items.map((item) => [item.getAttribute('data-rule'), item.getAttribute('data-state')]),
      ),
    );

describe('the script of the reset page', () => {
  it('shows the password and hides it again, and sends it as a password', async () => {
    await openLink();
    const types = () =>
      page.locator('[name^=password]').evaluateAll((all) => all.map((one) => one.getAttribute('type')));
    await page.getByLabel('Show password').check();
    expect(await types()).toEqual(['text', 'text']);
    await page.getByLabel('Show password').uncheck();
    expect(await types()).toEqual(['password', 'password']);
  });

  it('says while typing what is still missing, by code points and bytes as the server counts', async () => {
    await openLink();
    expect(await states()).toEqual({ min: 'missing', max: 'missing', match: 'missing' });
    await page.fill('[name=password]', '🔑'.repeat(14));
    expect(await states()).toMatchObject({ min: 'missing', max: 'met' });
    await page.fill('[name=password]', '🔑'.repeat(15));
    expect(await states()).toMatchObject({ min: 'met', max: 'met', match: 'missing' });
    await page.fill('[name=password]', '🔑'.repeat(19)); // 76 bytes; bcrypt takes 72
    expect(await states()).toMatchObject({ min: 'met', max: 'missing' });
    await page.fill('[name=password]', GOOD);
    await page.fill('[name=password2]', GOOD);
    expect(await states()).toEqual({ min: 'met', max: 'met', match: 'met' });
    expect(await page.locator('[data-rule=match]').textContent()).toBe('the same text in both fields (done)');
  });

  it('warns when Caps Lock is on, and stops when it is off', async () => {
    await openLink();
    const press = (isOn: boolean) =>
      page.locator('[name=password]').evaluate((field, on) => {
        field.dispatchEvent(new KeyboardEvent('keydown', { key: 'A', modifierCapsLock: on }));
      }, isOn);
    await press(true);
    expect(await page.locator('#caps').textContent()).toBe('Caps\u00a0Lock is on.');
    expect(await page.locator('#caps').isVisible()).toBe(true);
    await press(false);
    expect(await page.locator('#caps').isVisible()).toBe(false);
  });

  it('sends the form once, however often the button is pressed', async () => {
    await openLink();
    let posts = 0;
    page.on('request', (request) => void (request.method() === 'POST' && (posts += 1)));
    await page.fill('[name=password]', GOOD);
    await page.fill('[name=password2]', GOOD);
    await Promise.all([
      page.waitForURL(`${site.url}/reset_password/done`),
      page.locator('button').evaluate((button: HTMLButtonElement) => [1, 2, 3].forEach(() => button.click())),
    ]);
    expect(posts).toBe(1);
    expect(
      site.logs.filter(({ event, method }) => event === 'http_request' && method === 'POST'),
    ).toHaveLength(1);
  });

  it('is not needed: without it there is no switch and no mark, and all rules stand there', async () => {
    await openLink({ javaScriptEnabled: false });
    expect(await page.locator('#show').isVisible()).toBe(false);
    expect(await page.locator('[data-rule]').allTextContents()).toEqual([
      'at least 15 characters',
      'no more than 72 bytes (letters with accents and symbols take several)',
      'the same text in both fields',
    ]);
  });
});

describe('the pages', () => {
  it.each([
    ['a screen of 320 pixels', 320],
    ['a screen of 1280 pixels at 200 %', 640], // which is what zooming does to the page's own pixels
  ])('need no scrolling sideways on %s', async (_name, width) => {
    await openLink({ viewport: { width, height: 500 } });
    const { scroll, client } = await page.evaluate(() => ({
      scroll: document.documentElement.scrollWidth,
      client: document.documentElement.clientWidth,
    }));
    expect(scroll).toBeLessThanOrEqual(client);
  });

  it('move nothing for a person who wants no motion', async () => {
    await openLink({ reducedMotion: 'reduce' });
    const durations = await page
      .locator('*')
      .evaluateAll((all) => all.map((one) => getComputedStyle(one).transitionDuration));
    expect(new Set(durations)).toEqual(new Set(['0s']));
  });
});
