import type { App } from '../app.ts';
import { required } from '../app.ts';
import { describeTable } from '../db/introspect.ts';
import type { Transaction } from '../db/transaction.ts';
import { ResetError } from '../errors.ts';
import { findIssuer } from '../native/find-issuer.ts';
import type { Grant, Issuer, OpenIssuer, Person } from '../native/issuer.ts';
import { fillLink, linkTemplate } from '../native/link-path.ts';
import { tokenHashes } from '../passwords/token-hashes.ts';
import type { Keyring } from '../tokens/keyring.ts';
import { nativeSeed } from '../tokens/native-seed.ts';
import type { NewToken, TokenRow } from '../tokens/token-store.ts';
import { revokeNativeTokens } from '../tokens/token-store.ts';
import type { User } from '../types.ts';
import type { UsersMapping } from '../users/mapping.ts';
import { readColumns } from '../users/read-columns.ts';
import { qualify } from '../users/users-mapping.ts';

/** The application's own links, at this installation. */
export interface Native {
  readonly issuer: Issuer;
  readonly at: OpenIssuer;
  /** path of the page, with placeholders */
  readonly template: string;
  readonly baseUrl: string;
  /** how long a link lives by the application's rule, in milliseconds */
  readonly lifeMs: number;
}

const opened = new WeakMap<App, Promise<Native | undefined>>();

/**
 * Undefined unless `link.native` is on. Opened once: it looks at the schema, which cannot be done inside a
 * transaction. Throws config_invalid: no such issuer, no secret, a column or table that is not there.
 */
export function openNative(app: App): Promise<Native | undefined> {
  const known = opened.get(app) ?? open(app);
  opened.set(app, known);
  return known;
}

async function open(app: App): Promise<Native | undefined> {
  const { config, db } = app;
  if (!config.link.native) return undefined;
  const issuer = findIssuer(config.users.preset);
  const mapping = await app.mapping();
  const lifeMs = config.link.expiresInMs ?? issuer.lifeMs;
  const template = linkTemplate(issuer, config.link.path);
  const baseUrl = required(config, 'baseUrl', config.baseUrl);
  await assertColumns(app, issuer, mapping);
  const at = await issuer.open({
    db,
    table: qualify(mapping, mapping.table),
    id: mapping.id,
    schema: mapping.schema,
    qualify: (table) => qualify(mapping, table),
    secret: secretOf(app, issuer),
    digest: config.link.digest,
    timeZone: config.timeZone,
    lifeMs,
    hashes: tokenHashes,
  });
  return { issuer, at, template, baseUrl, lifeMs };
}

function secretOf({ config }: App, { name, secret }: Issuer): string {
  if (secret === null) return '';
  if (config.appSecret) return config.appSecret.reveal();
  throw new ResetError(
    'config_invalid',
    `Native links of ${name} are signed with the application's ${secret}. Put it into RESET_APP_SECRET, or into a file of mode 0600: --app-secret-file`,
    { details: { problems: [{ key: 'appSecret', source: 'nowhere', message: 'is not set' }] } },
  );
}

async function assertColumns({ db }: App, { name, columns }: Issuer, mapping: UsersMapping): Promise<void> {
  const info = await describeTable(db, mapping.table, mapping.schema);
  const there = new Set(info?.columns.map((column) => column.name));
  const missing = columns.filter((column) => !there.has(column));
  if (missing.length === 0) return;
  throw new ResetError(
    'config_invalid',
    `The table ${mapping.table} has no column ${missing.join(', ')}, which native links of ${name} need.`,
  );
}

/** Seconds that a link lives: what was asked for, where the token carries its own end; else the application's rule. */
export const lifeSeconds = (native: Native | undefined, askedS: number): number =>
  native && native.issuer.lifeSetting !== null ? Math.floor(native.lifeMs / 1000) : askedS;

/** Users as the issuer needs them, in the order given. */
export async function toPersons(
  { issuer }: Native,
  db: App['db'],
  mapping: UsersMapping,
  users: readonly User[],
): Promise<Person[]> {
  const ids = users.map(({ id }) => id);
  const columns = await readColumns(db, mapping, ids, issuer.columns);
  return users.map(({ id, email, username = null, encoded }) => {
    return { id, email, username, encoded: encoded ?? '', columns: columns.get(id) ?? {} };
  });
}

/** Everything that makes a token again; undefined when its key is gone. */
export function grantOf(
  keyring: Keyring,
  token: Pick<TokenRow, 'jti' | 'kid' | 'iat' | 'exp'>,
): Grant | undefined {
  const key = keyring.all.get(token.kid);
  return key && { iat: token.iat, exp: token.exp, seed: nativeSeed(key, token) };
}

export interface Issued {
  readonly link: string;
  readonly token: string;
}

/** Make a new link, and write what the application would write. Undefined when the key of the token is gone. */
export async function issueNative(
  native: Native,
  keyring: Keyring,
  trx: Transaction,
  { person, token }: { readonly person: Person; readonly token: NewToken },
  now: number,
): Promise<Issued | undefined> {
  const grant = grantOf(keyring, token);
  if (!grant) return undefined;
  const { issuer, at } = native;
  const parts = at.make(person, grant);
  await at.store?.(trx, person, grant, parts);
  if (issuer.replaces) {
    const others = { userId: token.userId, issuer: issuer.name, jti: token.jti };
    await revokeNativeTokens(trx, others, 'replaced', now);
  }
  return { link: fillLink(native.baseUrl, native.template, parts), token: parts['token'] ?? '' };
}

/** What the operator should know before a native link goes out; none when links are ours. */
export async function nativeWarnings(app: App): Promise<string[]> {
  const native = await openNative(app);
  if (!native) return [];
  const { name, unknown, lifeSetting } = native.issuer;
  const asked = app.config.sources.has('token.expiresIn') && lifeSetting !== null;
  return [
    ...(asked
      ? [`How long a link of ${name} lives is the application's own ${lifeSetting}, not token.expiresIn.`]
      : []),
    `Not to be known from here for ${name}: ${unknown.join('; ')}. Try one link on a user of your own first.`,
  ];
}
