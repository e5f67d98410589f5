import type { SMTPConnectionAuth } from 'nodemailer/lib/smtp-connection';
import { readAccessToken } from '../config/access-token.ts';
import type { SmtpUrl } from '../config/mail-url.ts';
import type { Secret } from '../values/secret.ts';

/** A login with an access token: the library asks for one per connection, and the file may hold a newer one then. */
interface TokenLogin {
  readonly type: 'OAuth2';
  readonly user: string;
  provisionCallback(
    user: string,
    renew: boolean,
    done: (error: Error | null, accessToken?: string) => void,
  ): void;
}

/** The library writes its own code on whatever error it gets: so none of ours. */
class UnreadableToken extends Error {}

function tokenLogin(user: string, path: string): TokenLogin {
  readAccessToken(path); // what is wrong with it is reported before anything starts
  return {
    type: 'OAuth2',
    user,
    provisionCallback(_user, _renew, done) {
      const token = tryToRead(path);
      if (token instanceof Error) done(token);
      else done(null, token.reveal());
    },
  };
}

function tryToRead(path: string): Secret<string> | UnreadableToken {
  try {
    return readAccessToken(path);
  } catch (error) {
    return new UnreadableToken((error as Error).message);
  }
}

/** The login as the library's pool takes it. Throws config_invalid for a token file that cannot be used. */
export function poolLogin({ user, password, tokenFile }: SmtpUrl): { auth?: object } {
  if (user === undefined) return {};
  if (tokenFile !== undefined) return { auth: tokenLogin(user, tokenFile) };
  return password === undefined ? {} : { auth: { user, pass: password.reveal() } };
}

/** The login as one connection of the library takes it; undefined: there is none. Throws like `poolLogin`. */
export async function connectionLogin({
  user,
  password,
  tokenFile,
}: SmtpUrl): Promise<SMTPConnectionAuth | undefined> {
  if (user === undefined) return undefined;
  if (tokenFile === undefined) return password && { user, pass: password.reveal() };
  const { default: XOAuth2 } = await import('nodemailer/lib/xoauth2');
  return { user, method: 'XOAUTH2', oauth2: new XOAuth2(tokenLogin(user, tokenFile)) };
}
