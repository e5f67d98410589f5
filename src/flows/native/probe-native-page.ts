import type { App } from '../../app.ts';
import { ResetError } from '../../errors.ts';
import type { Grant, Person } from '../../native/issuer.ts';
import { fillLink, partsOf } from '../../native/link-path.ts';
import { openNative } from './native-link.ts';

export interface NativePage {
  /** the address that was asked, with placeholders */
  readonly url: string;
  /** HTTP status; null when nobody answered */
  readonly status: number | null;
  /**
   * `elsewhere`: 404, 405 or 410 at the application's default path. `refusing`: the same at a path that the operator
   * named, so that it may be how the page answers to a bad token. `broken`: 5xx, or nobody.
   */
  readonly state: 'there' | 'elsewhere' | 'refusing' | 'broken';
}

/** What was found instead of the page, in words for the operator. */
export const describeMissing = ({ url, status }: NativePage): string =>
  status === null ? `nobody answers at ${url}` : `the reset page is not at ${url}: the answer is ${status}`;

/** What to do about it. */
export const howToFind = ({ state }: NativePage): string =>
  state === 'broken'
    ? 'start the application, or correct baseUrl'
    : "set link.path (--link-path) to the page's path, even to this one if it answers like this only to a bad token";

/**
 * Runs before a link is sent, in case its page does not exist. Returns a warning if that can't be known. Throws
 * config_invalid when the page is elsewhere.
 */
export async function assertNativePage(app: App): Promise<string | undefined> {
  const page = await probeNativePage(app);
  if (!page || page.state === 'there') return undefined;
  const message = `${describeMissing(page)}; ${howToFind(page)}`;
  if (page.state === 'elsewhere') throw new ResetError('config_invalid', `No link was created: ${message}.`);
  return message;
}

/** A long expired token of the right shape, in case the page's route checks the shape. */
const NOBODY: Person = { id: '0', email: 'nobody@example.com', username: 'nobody', encoded: '', columns: {} };
const LONG_AGO: Grant = { iat: 1_000_000_000, exp: 1_000_000_000, seed: Buffer.alloc(96) };

const PATIENCE_MS = 5000;
const GONE = [404, 405, 410];

/** Open the application's own page with a token of nobody: it must refuse the token, and it must exist. */
export async function probeNativePage(app: App): Promise<NativePage | undefined> {
  const native = await openNative(app);
  if (!native) return undefined;
  const { baseUrl, template } = native;
  const asked = fillLink(baseUrl, template, partsOf(NOBODY, native.opened.make(NOBODY, LONG_AGO)));
  const url = baseUrl + template;
  const isNamed = app.config.sources.has('link.path');
  try {
    const { status } = await fetch(asked, { redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS) });
    const gone = isNamed ? 'refusing' : 'elsewhere';
    return { url, status, state: GONE.includes(status) ? gone : status >= 500 ? 'broken' : 'there' };
  } catch {
    return { url, status: null, state: 'broken' };
  }
}
