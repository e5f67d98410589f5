import type { Verdict } from '../../native/issuer.ts';
import { timeAndDistance, toIso } from '../../values/instant.ts';
import type { App } from '../../app.ts';
import { ResetError } from '../../errors.ts';
import type { Parts } from '../../native/issuer.ts';
import { readLink } from '../../native/link-path.ts';
import { isOurToken } from '../../tokens/reset-link.ts';
import type { TokenRow } from '../../tokens/token-store.ts';
import { issuedNativeTokens } from '../../tokens/native-tokens.ts';
import { tokensOf } from '../../tokens/tokens-of.ts';
import type { User } from '../../types.ts';
import { sqlOf } from '../../users/sql-store/sql-of.ts';
import { assertResettable } from '../users/find-resettable-user.ts';
import type { Native } from './native-link.ts';
import { makeNative, openNative } from './native-link.ts';
import { toPersons, userOf } from './open-site.ts';

/** What the application's own page would say to a link, as far as that can be known without it. */
export interface NativeVerified {
  readonly user: User;
  /** the row, if the link was issued here and not by the application itself */
  readonly row: TokenRow | undefined;
  readonly issuer: string;
  /** milliseconds; null where the token does not say */
  readonly issuedAt: number | null;
  readonly expiresAt: number;
}

/** How many users are read at a time while a bare token is looked for. */
const PAGE = 200;

/**
 * Undefined when links are ours, or the token is. Reads only. Throws token_invalid, token_expired, token_revoked,
 * user_inactive.
 */
export async function verifyNative(app: App, given: string): Promise<NativeVerified | undefined> {
  const text = given.trim();
  const native = await openNative(app);
  if (!native || text === '' || isOurToken(text)) return undefined;
  const parts = readLink(native.template, text);
  if (!parts) throw invalid(`This is not a link of ${native.issuer.name} at ${native.template}.`, 'format');
  const found = await findOwner(app, native, parts);
  if (!found) throw invalid(unknownOwner(native, parts), 'unknown');
  const { user, row } = found;
  assertResettable(user);
  const store = await app.users();
  const [person] = await toPersons(native, store, [user]);
  if (!person) throw invalid(unknownOwner(native, parts), 'unknown');
  const verdict = await native.opened.check(sqlOf(store).db, person, found.parts, app.clock.now());
  if (verdict.state === 'invalid') throw refused(native, user, row);
  const { issuedAt, expiresAt } = timesOf(verdict, app.clock.now());
  return {
    user,
    row,
    issuer: native.issuer.name,
    issuedAt: issuedAt ?? (row ? row.iat * 1000 : null),
    expiresAt,
  };
}

/** In milliseconds. Throws token_expired. */
function timesOf(
  verdict: Exclude<Verdict, { readonly state: 'invalid' }>,
  now: number,
): { readonly issuedAt: number | null; readonly expiresAt: number } {
  const expiresAt = verdict.expiresAt * 1000;
  if (verdict.state === 'expired') {
    throw new ResetError(
      'token_expired',
      `This link expired at ${timeAndDistance(expiresAt, now)}. Send a new one.`,
      {
        details: { expiredAt: toIso(expiresAt) },
      },
    );
  }
  return { issuedAt: verdict.issuedAt === null ? null : verdict.issuedAt * 1000, expiresAt };
}

interface Owner {
  readonly user: User;
  readonly row: TokenRow | undefined;
  readonly parts: Parts;
}

/** The user of the link: it says so itself, or we issued it. */
async function findOwner(app: App, native: Native, parts: Parts): Promise<Owner | undefined> {
  const { db } = sqlOf(await app.users());
  const user = await userOf(app, await native.opened.whose(db, parts));
  if (!user) return findIssued(app, native, parts);
  const rows = (await tokensOf(app.ledger, user.id)).filter(({ issuer }) => issuer === native.issuer.name);
  const row = await findRow(app, native, [{ user, rows }], parts);
  return { user, row: row?.row, parts };
}

/** A bare token says nothing about its user: is it one that we issued? */
async function findIssued(app: App, native: Native, parts: Parts): Promise<Owner | undefined> {
  const rows = await issuedNativeTokens(app.ledger, native.issuer.name, app.clock.now());
  const ids = [...new Set(rows.map(({ userId }) => userId))];
  const store = await app.users();
  for (let start = 0; start < ids.length; start += PAGE) {
    const users = await store.get(ids.slice(start, start + PAGE));
    const each = [...users.values()].map((user) => {
      return { user, rows: rows.filter(({ userId }) => userId === user.id) };
    });
    const found = await findRow(app, native, each, parts);
    if (found) return found;
  }
  return undefined;
}

/** The row from which this token was made. */
async function findRow(
  app: App,
  native: Native,
  candidates: readonly { readonly user: User; readonly rows: readonly TokenRow[] }[],
  parts: Parts,
): Promise<{ user: User; row: TokenRow; parts: Parts } | undefined> {
  const keyring = await app.keyring();
  const users = candidates.map(({ user }) => user);
  const persons = await toPersons(native, await app.users(), users);
  for (const [index, { user, rows }] of candidates.entries()) {
    const person = persons[index];
    for (const row of rows) {
      const made = person && makeNative(native, keyring, person, row);
      if (made && made.token === parts['token']) return { user, row, parts: made.parts };
    }
  }
  return undefined;
}

function refused({ issuer }: Native, { id, email }: User, row: TokenRow | undefined): ResetError {
  if (row) {
    const message = `The application no longer accepts this link of ${email}: it was used, it was replaced, or the user has changed since. Send a new one.`;
    return new ResetError('token_revoked', message, { details: { reason: 'changed', userId: id } });
  }
  const secret = issuer.secret === null ? '' : `, or the ${issuer.secret} is a different one`;
  return invalid(
    `The application would not accept this link of ${email}: it was used, the user has changed since${secret}.`,
    'refused',
  );
}

function unknownOwner({ issuer }: Native, parts: Parts): string {
  const isBare = Object.keys(parts).length === 1 && issuer.tail.replace(/\{token\}/, '').includes('{');
  const advice = isBare ? ' Give the whole link, which names the user.' : '';
  const secret = issuer.secret === null ? '' : ` Or the ${issuer.secret} is a different one.`;
  return `No user has this token.${advice}${secret}`;
}

const invalid = (message: string, reason: string) =>
  new ResetError('token_invalid', message, { details: { reason } });
