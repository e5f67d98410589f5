import { describe, expect, it } from 'vitest';
import { reportHtml } from '../../src/flows/batch/report-html.ts';
import { DAY, insertLedger, LEDGER_ID, type LedgerPerson } from '../helpers/ledger-batch.ts';
import { needs } from '../helpers/needs.ts';
import { expectReadable } from './readable.ts';
import { browser, site, useBrowser } from './use-browser.ts';

const hasBrowser = needs('chromium');

useBrowser();

async function makeReport(): Promise<string> {
  const { app } = site;
  const now = app.clock.now();
  const people = Array.from({ length: 150 }, (_, index): LedgerPerson => {
    const email = `${'long.name'.repeat(index % 5)}user${index}@department.of.example${index % 40}.example.com`;
    const token = { state: 'live', expiresAt: now + DAY } as const;
    const settledAt = now - 2 * DAY + index * 60_000;
    if (index % 3 === 0)
      return { email, state: 'sent', settledAt, token: { ...token, state: 'used', usedAt: settledAt + DAY } };
    if (index % 3 === 1) return { email, state: 'sent', settledAt, token };
    const reply = `550 5.1.1 <${email}>: Recipient address rejected: ${'averylongwordofaserver'.repeat(5)}`;
    return { email, state: 'failed', reason: 'refused', reply, settledAt, token };
  });
  const more = {
    is_locking: true,
    reason: 'Why.\nWhat to do.',
    ticket: 'INC-17',
    selection: 'all users, locked',
  };
  await insertLedger(app.ledger, people, now - 2 * DAY, more);
  return reportHtml(app, LEDGER_ID, { hasPeople: true });
}

describe.runIf(hasBrowser)('the report of a batch in a browser', () => {
  it.each([
    ['in light', { colorScheme: 'light', viewport: { width: 1280, height: 900 } }],
    ['in dark', { colorScheme: 'dark', viewport: { width: 1280, height: 900 } }],
    ['on a phone', { colorScheme: 'light', viewport: { width: 320, height: 568 } }],
  ] as const)('can be read by everybody: %s', async (_name, options) => {
    const page = await browser.newPage(options);
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('request', (request) => said.push(request.url()));
    await page.setContent(await makeReport());
    await expectReadable(page);
    expect(await page.getByRole('img').getAttribute('aria-labelledby')).toBe('chart-title chart-text');
    expect(said).toEqual([]);
    await page.close();
  });

  it('prints on A4, black on white by night as well, with the head of a table on each page', async () => {
    const page = await browser.newPage({ colorScheme: 'dark' });
    await page.setContent(await makeReport());
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    const [, width, height] = /\/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf) ?? [];
    expect([Math.round(Number(width)), Math.round(Number(height))]).toEqual([595, 842]);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await expectReadable(page);
    const styles = await page.evaluate(() => ({
      ink: getComputedStyle(document.body).color,
      paper: getComputedStyle(document.body).backgroundColor,
      head: getComputedStyle(document.querySelector('#unchanged thead')!).display,
    }));
    expect(styles).toEqual({ ink: 'rgb(0, 0, 0)', paper: 'rgb(255, 255, 255)', head: 'table-header-group' });
    await page.close();
  });
});
