import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

/** Nothing but our own pages is asked for, and no profile is kept. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Debian's Chromium, or the one that CHROMIUM names. There is no way around it: without a browser the test fails. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
  if (!existsSync(executablePath))
    throw new Error(`There is no ${executablePath}: apt-get install chromium, or set CHROMIUM.`);
  return chromium.launch({ executablePath, args: ARGS });
}
