import { ResetError } from '../errors.ts';
import { Secret } from '../values/secret.ts';
import type { Where } from '../values/network-words.ts';

/** A mail catcher's address, taken apart: what may be printed, and what may not. */
export interface CatcherUrl extends Where {
  /** without login, query, fragment and slash at its end */
  readonly base: string;
  /** of the `Authorization` header, where the URL had a login */
  readonly authorization: Secret<string> | undefined;
}

/**
 * `http://user:password@host:port/path` → its parts. Throws usage_invalid, without the URL, for one that cannot be read
 * or has a query.
 */
export function parseCatcherUrl(text: string): CatcherUrl {
  if (!URL.canParse(text))
    throw invalid('cannot be read. In a user or password write / as %2F, # as %23, ? as %3F and @ as %40');
  const url = new URL(text);
  if (url.search !== '' || url.hash !== '')
    throw invalid(
      'has a query or a fragment. Write http://user:password@host:port, and a path if it has one',
    );
  return {
    base: `${url.origin}${url.pathname}`.replace(/\/+$/, ''),
    at: url.origin,
    host: url.hostname,
    authorization: readLogin(url),
  };
}

function readLogin({ username, password }: URL): Secret<string> | undefined {
  if (username === '' && password === '') return undefined;
  try {
    const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return new Secret(`Basic ${Buffer.from(login).toString('base64')}`);
  } catch {
    throw invalid('has a "%" in its user or password that starts no escape: write it as %25');
  }
}

const invalid = (what: string) => new ResetError('usage_invalid', `The URL of --mailbox ${what}.`);
