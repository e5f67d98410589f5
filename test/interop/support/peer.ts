import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBrowser, type Browser, type Page } from './browser.ts';
import { removeFolder } from '../../helpers/temporary-folder.ts';

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

/** What an application answers to a right and to a wrong password: a status, or what the page says. */
interface LoginAnswers {
  /** 200 unless given */
  readonly accepted?: number;
  /** 401 unless given */
  readonly refused?: number | string;
}

/** The two ways to ask a login that answers in one page; `send` sends it the password. */
export const loginByAnswer = (
  origin: string,
  { accepted = 200, refused = 401 }: LoginAnswers,
  send: (browser: Browser, password: string) => Promise<Page>,
): Pick<Application, 'accepts' | 'signIn'> =>
  loginBy(async (password) => {
    const browser = openBrowser(origin);
    const { status, text } = await send(browser, password);
    if (status === accepted) return browser;
    if (typeof refused === 'number' ? status === refused : text.includes(refused)) return undefined;
    throw new Error(`The login at ${origin} answers ${status}: ${text}`);
  });

/** A login page with one form: what a person fills in, and what it says to a wrong password. */
export interface LoginForm {
  readonly path: string;
  /** where the form is sent; `path` unless given */
  readonly target?: string;
  /** the hidden field against forged requests */
  readonly token?: string;
  readonly fields: (password: string) => Readonly<Record<string, string>>;
  readonly refusal: string;
}

/** The two ways to ask a login page. Signed in means sent on to another page. */
export const loginByForm = (origin: string, { path, target = path, token, fields, refusal }: LoginForm) =>
  loginByAnswer(origin, { accepted: 302, refused: refusal }, async (browser, password) => {
    const form = await browser.get(path);
    const hidden = token === undefined ? {} : { [token]: form.field(token) };
    return browser.post(target, { ...hidden, ...fields(password) });
  });

/** A folder of a peer, to be removed by the peer's `stop`. */
export const makePeerFolder = (name: string): Promise<string> =>
  mkdtemp(join(tmpdir(), `reset-interop-${name}-`));

/** A step that removes a peer's folder. */
export const removing = (folder: string) => () => removeFolder(folder);
