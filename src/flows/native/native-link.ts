import type { App } from '../../app.ts';
import { required } from '../../app.ts';
import { isResetError, ResetError } from '../../errors.ts';
import { findIssuer } from '../../native/find-issuer.ts';
import type { Grant, Issuer, OpenIssuer, Parts, Person, Site } from '../../native/issuer.ts';
import { secretDoubts, strangeSecret } from '../../native/secret-readings.ts';
import { fillLink, linkTemplate, partsOf } from '../../native/link-path.ts';
import type { Keyring } from '../../tokens/keyring.ts';
import { nativeSeed } from '../../tokens/native-seed.ts';
import type { NewToken, TokenRow } from '../../tokens/token-store.ts';
import { revokeNativeTokens } from '../../tokens/revoke-tokens.ts';
import { sqlOf } from '../../users/sql-store/sql-of.ts';
import type { Both } from '../both/users-side.ts';
import { openSite } from './open-site.ts';

/** The application's own links, at this installation. */
export interface Native {
  readonly issuer: Issuer;
  readonly opened: OpenIssuer;
  /** path of the page, with placeholders */
  readonly template: string;
  readonly baseUrl: string;
  /** how long a link lives by the application's rule, in milliseconds */
  readonly lifeMs: number;
}

const openedByApp = new WeakMap<App, Promise<Native | undefined>>();

/**
 * Undefined unless `link.native` is on. Opened once: it looks at the schema, which cannot be done inside a
 * transaction. Throws config_invalid: no such issuer, no secret, a column or table that is not there.
 */
export function openNative(app: App): Promise<Native | undefined> {
  const known = openedByApp.get(app) ?? open(app);
  openedByApp.set(app, known);
  return known;
}

/** The same for callers that only read: also undefined if something is missing. */
export async function openNativeIfReady(app: App): Promise<Native | undefined> {
  try {
    return await openNative(app);
  } catch (error) {
    if (isResetError(error)) return undefined;
    throw error;
  }
}

async function open(app: App): Promise<Native | undefined> {
  const { config } = app;
  if (!config.link.native) return undefined;
  const issuer = findIssuer(config);
  const lifeMs = config.link.expiresInMs ?? issuer.lifeMs;
  const template = linkTemplate(issuer, config.link.path);
  const baseUrl = required(config, 'baseUrl', config.baseUrl);
  const { secret, olderSecrets } = secretsOf(app, issuer);
  const opened = await openSite(app, issuer, { secret, olderSecrets, digest: config.link.digest });
  return { issuer, opened, template, baseUrl, lifeMs };
}

function secretsOf({ config }: App, issuer: Issuer): Pick<Site, 'secret' | 'olderSecrets'> {
  const { name, secret: called, olderSecrets: calledOlder } = issuer;
  if (called === null) return { secret: '', olderSecrets: [] };
  const [secret, ...olderSecrets] = config.appSecrets.map((each) => each.reveal());
  if (secret === undefined) {
    throw refuseSecret(
      config,
      `Native links of ${name} are signed with the application's ${called}. Put it into RESET_APP_SECRET, or into a file of mode 0600: --app-secret-file`,
      'is not set',
    );
  }
  const strange = strangeSecret(issuer, secret);
  if (strange !== undefined)
    throw refuseSecret(config, `This is not the ${called}. ${strange}`, 'is something else');
  if (olderSecrets.length > 0 && calledOlder === null) {
    throw refuseSecret(
      config,
      `${name} has one ${called}, and appSecret holds ${config.appSecrets.length}, one per line. Keep only the one that the application signs with.`,
      'holds several secrets',
    );
  }
  return { secret, olderSecrets };
}

function refuseSecret({ sources }: App['config'], text: string, message: string): ResetError {
  const problems = [{ key: 'appSecret', source: sources.get('appSecret') ?? 'nowhere', message }];
  return new ResetError('config_invalid', text, { details: { problems } });
}

/** Seconds that a queued link lives: as it was queued, where the token carries its own end; else the application's rule. */
export const lifeSeconds = (native: Native | undefined, askedS: number): number =>
  native && native.issuer.lifeSetting !== null ? Math.floor(native.lifeMs / 1000) : askedS;

export interface Issued {
  readonly link: string;
  readonly token: string;
  readonly grant: Grant;
  readonly parts: Parts;
}

/** The link of a row: the same row gives the same link. Undefined when its key is gone. */
export function makeNative(
  { opened, baseUrl, template }: Native,
  keyring: Keyring,
  person: Person,
  token: Pick<TokenRow, 'jti' | 'kid' | 'iat' | 'exp'>,
): Issued | undefined {
  const key = keyring.all.get(token.kid);
  if (!key) return undefined;
  const grant = { iat: token.iat, exp: token.exp, seed: nativeSeed(key, token) };
  const parts = partsOf(person, opened.make(person, grant));
  return { link: fillLink(baseUrl, template, parts), token: parts['token'] ?? '', grant, parts };
}

/** Gives the link of a person's token, or undefined where there is none. */
type LinkOf = (
  native: Native,
  keyring: Keyring,
  both: Both,
  of: { readonly person: Person; readonly token: NewToken },
  now: number,
) => Promise<Issued | undefined>;

/** Make a new link, and write what the application would write. Undefined when the key of the token is gone. */
export const issueNative: LinkOf = async (native, keyring, { users, ledger }, { person, token }, now) => {
  const { issuer, opened } = native;
  const made = makeNative(native, keyring, person, token);
  if (!made) return undefined;
  await opened.store?.(sqlOf(users).db, person, made.grant, made.parts);
  if (issuer.replaces) {
    const others = { userIds: [token.userId], issuer: issuer.name, jti: token.jti };
    await revokeNativeTokens(ledger, others, 'replaced', now);
  }
  return made;
};

/** The same link again, if the application would still take it. */
export const repeatNative: LinkOf = async (native, keyring, { users }, { person, token }, now) => {
  const made = makeNative(native, keyring, person, token);
  if (!made) return undefined;
  const { state } = await native.opened.check(sqlOf(users).db, person, made.parts, now);
  return state === 'good' ? made : undefined;
};

/** What the operator should know before a native link is sent; empty when links are ours. */
export async function nativeWarnings(app: App): Promise<string[]> {
  const native = await openNative(app);
  if (!native) return [];
  const { name, unknown, lifeSetting, outlivesUse } = native.issuer;
  const asked = app.config.sources.has('token.expiresIn') && lifeSetting !== null;
  return [
    ...(native.issuer.secret === null
      ? []
      : app.config.appSecrets.flatMap((each) => secretDoubts(native.issuer, each.reveal()))),
    ...((await native.opened.doubts?.(sqlOf(await app.users()).db)) ?? []),
    ...(asked
      ? [
          `The application's own ${lifeSetting} decides how long a link of ${name} lives, not token.expiresIn.`,
        ]
      : []),
    ...(outlivesUse
      ? [`A link of ${name} works until it expires, even after it was used, so keep --expires-in short.`]
      : []),
    ...(app.config.mail.code
      ? ["These mails contain no code: mail.code is for reset's own page, not for the application's."]
      : []),
    `What reset cannot check from here for ${name}: ${unknown.join('; ')}. Try one link on your own account first.`,
  ];
}
