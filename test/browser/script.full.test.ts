import fc from 'fast-check';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { issueLink } from '../../src/flows/links/issue-link.ts';
import { previewPage } from '../../src/flows/preview/preview-page.ts';
import { checkPassword } from '../../src/passwords/policy.ts';
import { needs } from '../helpers/needs.ts';
import { reload } from './history.ts';
import { browser, site, useBrowser } from './use-browser.ts';

const GOOD = 'seven green bottles on a wall';
/** Different emoji, of four bytes each: one again and again is too common. */
const emoji = (count: number): string =>
  Array.from({ length: count }, (_, index) => String.fromCodePoint(0x1f400 + index * 7)).join('');

const hasBrowser = needs('chromium');

useBrowser();

let page: Page;
afterEach(() => page.context().close());

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

describe.runIf(hasBrowser)('the script of the reset page', () => {
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
    await page.fill('[name=password]', emoji(14));
    expect(await states()).toMatchObject({ min: 'missing', max: 'met' });
    await page.fill('[name=password]', emoji(15));
    expect(await states()).toMatchObject({ min: 'met', max: 'met', match: 'missing' });
    await page.fill('[name=password]', emoji(19)); // 76 bytes; bcrypt takes 72
    expect(await states()).toMatchObject({ min: 'met', max: 'missing' });
    await page.fill('[name=password]', GOOD);
    await page.fill('[name=password2]', GOOD);
    expect(await states()).toEqual({ min: 'met', max: 'met', match: 'met' });
    expect(await page.locator('[data-rule=match]').textContent()).toBe(
      'the same password in both fields (met)',
    );
    // Recognisable by its sign, not just its colour. None of the test browsers shows what Safari leaves out:
    // ::marker.
    const sign = page.locator('[data-rule=match]').evaluate((item) => getComputedStyle(item).listStyleType);
    expect(await sign).toContain('✓');
  });

  it('speaks of a far limit only when it is near', async () => {
    await openLink();
    const limit = page.locator('[data-rule=max]');
    expect(await limit.isVisible()).toBe(false);
    await page.fill('[name=password]', 'a'.repeat(53));
    expect(await limit.isVisible()).toBe(false);
    await page.fill('[name=password]', 'a'.repeat(54));
    expect(await limit.isVisible()).toBe(true);
    await page.fill('[name=password]', 'ä'.repeat(37));
    expect(await limit.getAttribute('data-state')).toBe('missing');
    await page.fill('[name=password]', GOOD);
    expect(await limit.isVisible()).toBe(false);
  });

  it.each(['none', 'nfc', 'nfkc'] as const)(
    'marks nothing as done that the server refuses, and nothing as missing that it takes, with %s',
    async (normalize) => {
      page = await browser.newPage();
      const settings = { minLength: 8, maxLength: 24, maxBytes: 40, normalize };
      const html = (await previewPage(site.app.config, 'reset'))
        .replace(/data-min="\d*" data-most="\d*" data-max="\d*" data-normalize=""/, () => {
          const form = normalize === 'none' ? '' : normalize.toUpperCase();
          return `data-min="8" data-most="24" data-max="40" data-normalize="${form}"`;
        })
        .replace('<li data-rule="max"', '<li data-rule="most"></li>$&');
      await page.setContent(html);
      // Letters that become more or fewer, bytes of every number, and what a browser keeps of a line.
      const letter = fc.constantFrom(
        'a',
        ' ',
        'e\u0301',
        'é',
        '한',
        '\u1112\u1161\u11ab',
        '🔑',
        'ﬁ',
        'Å',
        '①',
        '\ufdfa',
      );
      const passwords = fc.sample(fc.string({ unit: letter, minLength: 1, maxLength: 30 }), 300);
      const seen = await page.evaluate((all) => {
        const field = document.querySelector<HTMLInputElement>('#password')!;
        return all.map((one) => {
          field.value = one;
          field.dispatchEvent(new Event('input'));
          const isMet = (rule: string) =>
            document.querySelector<HTMLElement>(`[data-rule=${rule}]`)?.dataset['state'] === 'met';
          return { min: isMet('min'), most: isMet('most'), max: isMet('max') };
        });
      }, passwords);
      for (const [index, password] of passwords.entries()) {
        const { violations } = await checkPassword(password, {}, settings);
        const refused = (code: string, param: string) =>
          violations.some(({ code: one, params }) => one === code && param in params);
        const expected = {
          min: !refused('too_short', 'min'),
          most: !refused('too_long', 'max'),
          max: !refused('too_long', 'maxBytes'),
        };
        expect([password, seen[index]]).toEqual([password, expected]);
      }
    },
  );

  it('warns when Caps Lock is on, and stops when it is off', async () => {
    await openLink();
    const press = (isOn: boolean) =>
      page.locator('[name=password]').evaluate((field, on) => {
        field.dispatchEvent(new KeyboardEvent('keydown', { key: 'A', modifierCapsLock: on }));
      }, isOn);
    // Present before it says anything: a live region that appears together with its text is not read out.
    expect(await page.locator('#caps').evaluate((hint) => getComputedStyle(hint).display)).toBe('block');
    await press(true);
    expect(await page.locator('#caps').textContent()).toBe('Caps\u00a0Lock is on.');
    expect(await page.locator('#caps').isVisible()).toBe(true);
    await press(false);
    expect(await page.locator('#caps').isVisible()).toBe(false);
  });

  it('warns of Caps Lock at the field that is typed in', async () => {
    await openLink();
    const press = (name: string) =>
      page.locator(`[name=${name}]`).evaluate((field: HTMLElement) => {
        field.focus();
        field.dispatchEvent(new KeyboardEvent('keydown', { key: 'A', modifierCapsLock: true }));
      });
    const warnings = () =>
      page.locator('.caps').evaluateAll((all) => all.map((one) => one.textContent !== ''));
    await press('password');
    expect(await warnings()).toEqual([true, false]);
    await press('password2');
    expect(await warnings()).toEqual([false, true]);
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

  it('lets a person press again who stopped the browser while it waited', async () => {
    await openLink();
    await page.clock.install();
    await reload(page);
    const button = page.locator('button');
    await page.fill('[name=password]', GOOD);
    await page.fill('[name=password2]', GOOD);
    await page.evaluate(() => {
      const form = document.querySelector('form')!;
      form.addEventListener('submit', (event) => {
        event.preventDefault(); // as a browser that is stopped stays on the page
      });
      form.requestSubmit();
    });
    expect([await button.textContent(), await button.getAttribute('aria-disabled')]).toEqual([
      'One moment…',
      'true',
    ]);
    await page.clock.fastForward(25_000);
    expect([await button.textContent(), await button.getAttribute('aria-disabled')]).toEqual([
      'Set new password',
      null,
    ]);
  });

  it('is not needed: without it there is no switch and no mark, and the rules are still shown', async () => {
    await openLink({ javaScriptEnabled: false });
    expect(await page.locator('#show').isVisible()).toBe(false);
    const rules = page.locator('[data-rule]').filter({ visible: true });
    expect(await rules.allTextContents()).toEqual([
      'at least 15 characters',
      'the same password in both fields',
    ]);
  });
});

describe.runIf(hasBrowser)('the pages', () => {
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
