import { ResetError } from '../errors.ts';
import { isLoopback } from '../values/loopback.ts';
import { remember } from '../values/remember.ts';

/** A mail asks three times about its link, and every mail about the same base. */
const isSafe = remember((text) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isWeb = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  return isWeb && url.username === '' && url.password === '';
}, 100);

/**
 * The only way for an address into an attribute (R63): `https:`, or `http:` on this machine. Escaping does not stop
 * `javascript:`. Throws `config_invalid`.
 */
export function safeUrl(text: string): string {
  if (isSafe(text)) return text;
  throw new ResetError(
    'config_invalid',
    'A template was given an address that is neither https: nor http: on this machine. Check baseUrl and loginUrl.',
  );
}

/**
 * An address on our own listener, absolute or relative to the page: no colon, so no scheme; no `//`, so no other
 * host. Throws `config_invalid`.
 */
export function localPath(text: string): string {
  if (/^(?!\/\/)[\w~!$&'()*+,;=@%./?-]+$/.test(text)) return text;
  throw new ResetError(
    'config_invalid',
    `${JSON.stringify(text.slice(0, 40))} is not a path on reset's own listener.`,
  );
}
