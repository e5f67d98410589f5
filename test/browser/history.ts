import type { Page, Response } from 'playwright-core';
import { vi } from 'vitest';

/**
 * The browser's own buttons. Chromium reports a page as loaded a moment before that page becomes the tab's current
 * one, and until then its history can't be used: "Not attached to an active page" (Chromium's
 * content/browser/devtools/protocol/page_handler.cc). A person is never that fast, so each button waits for it.
 */
export async function goBack(page: Page): Promise<Response | null> {
  await untilCurrent(page);
  return page.goBack();
}

export async function goForward(page: Page): Promise<Response | null> {
  await untilCurrent(page);
  return page.goForward();
}

export async function reload(page: Page): Promise<Response | null> {
  await untilCurrent(page);
  return page.reload();
}

async function untilCurrent(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await vi.waitFor(() => session.send('Page.getNavigationHistory'), 30_000);
  await session.detach();
}
