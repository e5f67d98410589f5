import type { App } from '../app.ts';
import { fillLink } from '../native/link-path.ts';
import { openNative } from './native-link.ts';

export interface NativePage {
  /** the address that was asked, with a token that is nobody's */
  readonly url: string;
  /** HTTP status; null when nobody answered */
  readonly status: number | null;
  /** 404, 405 and 410 mean that the page is elsewhere, 5xx that it is broken */
  readonly isThere: boolean;
}

const PATIENCE_MS = 5000;
const GONE = [404, 405, 410];

/** Ask the application's own page for a link of nobody: it refuses the token, but it must be there. */
export async function probeNativePage(app: App): Promise<NativePage | undefined> {
  const native = await openNative(app);
  if (!native) return undefined;
  const parts = { uid: 'MA', token: 'probe-0', login: 'nobody', email: 'nobody@example.com' };
  const url = fillLink(native.baseUrl, native.template, parts);
  try {
    const { status } = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS) });
    return { url, status, isThere: !GONE.includes(status) && status < 500 };
  } catch {
    return { url, status: null, isThere: false };
  }
}
