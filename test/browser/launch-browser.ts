import { chromium, type Browser } from 'playwright-core';
import { findProgram } from '../helpers/find-program.ts';

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

/** Debian's Chromium, or the one that CHROMIUM names. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findProgram(process.env['CHROMIUM'] ?? 'chromium');
  if (executablePath === undefined)
    throw new Error('Chromium is not installed. Install it with: apt-get install chromium, or set CHROMIUM.');
  return chromium.launch({ executablePath, args: ARGS });
}
