import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBrowser, type Browser, type Page } from './browser.ts';

/** The user of every peer. */
export const susan = { email: 'susan@example.com', name: 'susan' } as const;

/** Something that knows whether a password is right: an application, or the hasher of one. */
export interface Peer {
  /** as `reset` is given it */
  readonly database: string;
  readonly folder: string;
  /** whether the user gets in with the password; a fault of the application throws */
  accepts(password: string): Promise<boolean>;
  stop(): Promise<void>;
}

/** An application with a login of its own, reached as people reach it. */
export interface Application extends Peer {
  readonly origin: string;
  /** a browser in which the user is signed in; throws when the login is refused */
  signIn(password: string): Promise<Browser>;
  isSignedIn(browser: Browser): Promise<boolean>;
}

/** The two ways to ask an application's login; `tryToSignIn` answers undefined when the password is refused. */
export const loginBy = (
  tryToSignIn: (password: string) => Promise<Browser | undefined>,
): Pick<Application, 'accepts' | 'signIn'> => ({
  accepts: async (password) => (await tryToSignIn(password)) !== undefined,
  async signIn(password) {
    const browser = await tryToSignIn(password);
    if (browser === undefined) throw new Error('The login refuses the password.');
    return browser;
  },
});

/** A login page with one form: what it is called, what a person fills in, and what it says to a wrong password. */
interface LoginForm {
  readonly name: string;
  readonly origin: string;
  readonly path: string;
  readonly fields: (form: Page, password: string) => Readonly<Record<string, string>>;
  readonly refusal: string;
}

/** The two ways to ask a login page. Signed in means sent on to another page. */
export const loginByForm = ({ name, origin, path, fields, refusal }: LoginForm) =>
  loginBy(async (password) => {
    const browser = openBrowser(origin);
    const answer = await browser.post(path, fields(await browser.get(path), password));
    if (answer.status === 302) return browser;
    if (answer.text.includes(refusal)) return undefined;
    throw new Error(`${name} answers ${answer.status}: ${answer.text}`);
  });

/** A folder of a peer, to be removed by the peer's `stop`. */
export const makePeerFolder = (name: string): Promise<string> =>
  mkdtemp(join(tmpdir(), `reset-interop-${name}-`));

/** A step that removes a peer's folder. */
export const removing = (folder: string) => () => rm(folder, { recursive: true, force: true, maxRetries: 3 });
