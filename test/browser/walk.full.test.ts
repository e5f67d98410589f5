import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { PAGE_VIEWS } from '../../src/flows/preview/preview-kinds.ts';
import { previewMail } from '../../src/flows/preview/preview-mail.ts';
import { previewPage } from '../../src/flows/preview/preview-page.ts';
import { issueLink } from '../../src/flows/links/issue-link.ts';
import { createCatalogue } from '../../src/render/catalogue.ts';
import { needs } from '../helpers/needs.ts';
import { expectReadable, expectReadableAsIs, looks, overflowOf, settings } from './readable.ts';
import { browser, site, useBrowser } from './use-browser.ts';

const GOOD = 'seven green bottles on a wall';
const hasBrowser = needs('chromium');

useBrowser();

describe.runIf(hasBrowser)('a person with a browser', () => {
  it.each(settings)(
    'asks, gets the mail, is refused, sets a password and is done: %s',
    async (_name, options) => {
      const page = await browser.newPage(options);
      const foreign: string[] = [];
      page.on('request', (request) => {
        if (!request.url().startsWith(site.url)) foreign.push(request.url());
      });
      const problems: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error' && !message.text().includes('status of 4'))
          problems.push(message.text());
      });
      const check = async (): Promise<void> => {
        await expectReadableAsIs(browser, page, options);
      };
      const setPassword = async (password: string, password2: string): Promise<void> => {
        await page.fill('[name=password]', password);
        await page.fill('[name=password2]', password2);
        await Promise.all([page.waitForNavigation(), page.click('button[type=submit]')]);
      };

      await page.goto(`${site.url}/.well-known/change-password`);
      expect(page.url()).toBe(`${site.url}/reset_password_request`);
      await check();
      await page.fill('[name=email]', 'susan@example.com');
      await Promise.all([page.waitForNavigation(), page.click('button[type=submit]')]);
      expect(page.url()).toBe(`${site.url}/reset_password_request/sent`);
      await check();

      await site.mailbox!.waitFor(1);
      const link = site.newestLink();
      await page.goto(link);
      await check();
      await setPassword('too short', 'too short');
      expect(await page.locator('[role=alert]').count()).toBe(1);
      await check();
      await setPassword(GOOD, `${GOOD}!`);
      expect(await page.locator('[role=alert] li').count()).toBe(1);
      await check();
      await setPassword(GOOD, GOOD);
      expect(page.url()).toBe(`${site.url}/reset_password/done`);
      await check();

      expect((await page.goto(link))?.status()).toBe(410);
      await check();
      expect((await page.goto(`${site.url}/reset_password/forged`))?.status()).toBe(400);
      await check();
      expect(await page.context().cookies()).toEqual([]);
      expect(foreign).toEqual([]);
      expect(problems).toEqual([]);
      await page.close();
    },
  );

  it.each(looks)(
    'can read every page there is, also those that no walk meets: %s',
    async (_name, options) => {
      const { config } = site.app;
      const locale = options.locale?.slice(0, 2) ?? 'en';
      const page = await browser.newPage(options);
      for (const view of PAGE_VIEWS) {
        await page.setContent(await previewPage({ ...config, mail: { ...config.mail, locale } }, view));
        await expectReadable(page);
      }
      await page.close();
    },
  );

  it.each(createCatalogue().available)(
    'can read the forms and the mails on a narrow screen in %s',
    async (locale) => {
      const config = { ...site.app.config, mail: { ...site.app.config.mail, locale } };
      const page = await browser.newPage({ viewport: { width: 320, height: 640 }, locale });
      for (const view of ['rejected', 'code-refused'] as const) {
        await page.setContent(await previewPage(config, view));
        await expectReadable(page);
      }
      for (const mail of ['reset', 'notice'] as const) {
        await page.setContent(await previewMail(config, site.app.clock, { mail, format: 'html' }));
        expect(await overflowOf(page)).toBeLessThanOrEqual(0);
      }
      await page.close();
    },
  );

  it.each([
    ['320 pixels wide', 320, '100%'],
    ['320 pixels wide with letters of twice the size', 320, '200%'],
  ])('sees names that have no place for a break in full: %s', async (_name, width, letters) => {
    const name = 'accounts.thenameofacompanythatnobodyeverthoughtofshortening.example.com';
    const config = { ...site.app.config, appName: name, brand: { ...site.app.config.brand, support: name } };
    const page = await browser.newPage({ viewport: { width, height: 640 } });
    const seen = [
      ...(await Promise.all(PAGE_VIEWS.map((view) => previewPage(config, view)))),
      ...(await Promise.all(
        (['reset', 'notice'] as const).map((mail) =>
          previewMail(config, site.app.clock, { mail, format: 'html' }),
        ),
      )),
    ];
    for (const html of seen) {
      await page.setContent(html);
      await page.addStyleTag({ content: `html{font-size:${letters}}` });
      expect(await overflowOf(page)).toBeLessThanOrEqual(0);
    }
    await page.close();
  });

  it('weighs at most 15 kB in three requests', async () => {
    const { token } = await issueLink(site.app, {
      identifier: { email: 'susan@example.com' },
      actor: site.app.operator,
    });
    const page = await browser.newPage();
    const sizes: number[] = [];
    page.on('response', async (response) => sizes.push((await response.body()).length));
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    await page.goto(`${site.url}/reset_password/${token}`, { waitUntil: 'networkidle' });
    await page.waitForTimeout(500); // a browser looks for an icon when all else is done
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(15_000);
    // Taken from the server's log: what a browser fetches for itself does not show in the page's events.
    const routes = site.logs.filter(({ event }) => event === 'http_request').map(({ route }) => route);
    expect(routes.sort()).toEqual(['/reset_password/:token', '/script.js', '/style.css']);
    expect(said).toEqual([]);
    await page.close();
  });
});

describe.runIf(hasBrowser)('somebody else with a browser', () => {
  it('R28: a scanner that runs scripts, clicks everything and submits empty forms fifty times spends no link', async () => {
    const { token } = await issueLink(site.app, {
      identifier: { email: 'susan@example.com' },
      actor: site.app.operator,
    });
    const link = `${site.url}/reset_password/${token}`;
    const page = await browser.newPage();
    for (let count = 0; count < 50; count += 1) {
      await page.goto(link);
      await page.evaluate(() => {
        for (const thing of document.querySelectorAll<HTMLElement>('a,input,label')) thing.click();
        for (const form of document.querySelectorAll('form')) form.noValidate = true;
      });
      await Promise.all([
        page.waitForNavigation(),
        page.evaluate(() => document.querySelector('form')?.submit()),
      ]);
    }
    await page.goto(link);
    await page.fill('[name=password]', GOOD);
    await page.fill('[name=password2]', GOOD);
    await Promise.all([page.waitForNavigation(), page.click('button[type=submit]')]);
    expect(page.url()).toBe(`${site.url}/reset_password/done`);
    await page.close();
  });

  it('R59: a form on another site is refused, and mails nobody', async () => {
    const evil = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html');
      response.end(
        `<form method="post" action="${site.url}/reset_password_request"><input name="email" value="susan@example.com"></form>`,
      );
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => evil.once('listening', resolve));
    const page = await browser.newPage();
    await page.goto(`http://localhost:${(evil.address() as { port: number }).port}/`);
    const [answer] = await Promise.all([
      page.waitForResponse(`${site.url}/reset_password_request`),
      page.evaluate(() => document.querySelector('form')?.submit()),
    ]);
    expect(answer.status()).toBe(403);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(await site.app.ledger('reset_outbox').select()).toEqual([]);
    await page.close();
    evil.closeAllConnections();
    await new Promise((resolve) => evil.close(resolve));
  });

  it('R57: no page lets itself be framed', async () => {
    const page = await browser.newPage();
    await page.goto(`${site.url}/healthz`);
    const frame = await browser.newPage();
    await frame.setContent(`<iframe src="${site.url}/reset_password_request"></iframe>`);
    await frame.waitForTimeout(300);
    expect(frame.frames().some((one) => one.url().startsWith(`${site.url}/reset`))).toBe(false);
    await frame.close();
    await page.close();
  });
});
