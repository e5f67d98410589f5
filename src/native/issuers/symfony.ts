import { createHmac } from 'node:crypto';
import type { Db } from '../../db/connect.ts';
import { dialectOf } from '../../db/connect.ts';
import { describeTable } from '../../db/introspect.ts';
import { ResetError } from '../../errors.ts';
import { readInstant, toInstantText } from '../instant-text.ts';
import { defineIssuer, type OpenIssuer, type Person, type Site, type Verdict } from '../issuer.ts';
import { sameText } from '../../values/bytes-equal.ts';
import { textFromSeed } from '../../values/random-text.ts';
import { wallSeconds } from '../wall-clock.ts';

/** As the bundle's maker names it. */
const TABLE = 'reset_password_request';
const SELECTOR = 20;

interface Row {
  readonly user: unknown;
  readonly hashed: string;
  readonly requested: unknown;
  readonly expires: unknown;
}

/** What the row keeps of the second half: an HMAC over it, the user and the end. */
const hashOf = (verifier: string, user: string, expires: number, secret: string): string =>
  createHmac('sha256', secret)
    .update(JSON.stringify([verifier, user, expires]))
    .digest('base64');

/** Doctrine before 4 takes the next id from a sequence that the table itself does not name. */
async function idFrom(db: Db, table: string): Promise<object> {
  if (dialectOf(db) !== 'postgres') return {};
  const sequence = `${table}_id_seq`;
  const { rows }: { rows: { found: unknown; own: unknown }[] } = await db.raw(
    'select to_regclass(?) as found, (select coalesce(column_default, identity_generation) from information_schema.columns where table_name = ? and column_name = ? limit 1) as own',
    [sequence, TABLE, 'id'],
  );
  const [row] = rows;
  return row?.own === null && row.found !== null ? { id: db.raw('nextval(?)', [sequence]) } : {};
}

async function openRows(site: Site): Promise<OpenIssuer> {
  const { db, schema, qualify, secret, timeZone } = site;
  if (!(await describeTable(db, TABLE, schema))) {
    throw new ResetError(
      'config_invalid',
      `This database has no table ${TABLE}, which Symfony's reset-password bundle keeps its requests in.`,
    );
  }
  const table = qualify(TABLE);
  const next = await idFrom(db, table);
  // Doctrine writes the time of PHP's own zone.
  const instant = (seconds: number): string => toInstantText(wallSeconds(seconds * 1000, timeZone));
  return {
    make: (_person, { seed }) => ({ token: textFromSeed(seed, 2 * SELECTOR) }),
    async store(trx, person, { iat, exp }, { token = '' }) {
      await trx(table).insert({
        ...next,
        user_id: person.id,
        selector: token.slice(0, SELECTOR),
        hashed_token: hashOf(token.slice(SELECTOR), person.id, exp, secret),
        requested_at: instant(iat),
        expires_at: instant(exp),
      });
    },
    async whose(trx, { token = '' }) {
      const row = await rowOf(trx, table, token);
      return row && { id: String(row.user) };
    },
    check: async (trx, person, { token = '' }, now) =>
      verdictOf(await rowOf(trx, table, token), { site, person, token, now }),
    async revoke(trx, person) {
      await trx(table).where('user_id', person.id).delete();
    },
  };
}

const rowOf = (trx: Db, table: string, token: string): Promise<Row | undefined> =>
  trx(table)
    .where('selector', token.slice(0, SELECTOR))
    .first({ user: 'user_id', hashed: 'hashed_token', requested: 'requested_at', expires: 'expires_at' });

function verdictOf(
  row: Row | undefined,
  asked: { readonly site: Site; readonly person: Person; readonly token: string; readonly now: number },
): Verdict {
  const { site, person, token, now } = asked;
  const [requested, expires] = [readInstant(row?.requested), readInstant(row?.expires)];
  if (!row || requested === undefined || expires === undefined) return { state: 'invalid' };
  const nowS = Math.floor(now / 1000);
  const ahead = wallSeconds(nowS * 1000, site.timeZone) - nowS;
  const expiresAt = expires - ahead;
  const isSigned = sameText(hashOf(token.slice(SELECTOR), person.id, expiresAt, site.secret), row.hashed);
  if (!isSigned || String(row.user) !== person.id) return { state: 'invalid' };
  return { state: expiresAt <= nowS ? 'expired' : 'good', issuedAt: requested - ahead, expiresAt };
}

/** Selector and verifier, forty letters; a row keeps the one, and a signature over the other. */
export const symfony = defineIssuer({
  name: 'symfony',
  source:
    'SymfonyCasts/reset-password-bundle: src/ResetPasswordHelper.php, src/Generator/ResetPasswordTokenGenerator.php, src/Model/ResetPasswordRequestTrait.php',
  secret: 'APP_SECRET (where it is empty, set one in the application first)',
  olderSecrets: null,
  columns: [],
  page: '/reset-password/reset',
  tail: '/{token}',
  looks: { token: /^[A-Za-z0-9]{40}$/ },
  lifeMs: 3_600_000,
  lifeSetting: 'symfonycasts_reset_password.lifetime',
  replaces: false,
  outlivesUse: false,
  unknown: [
    'whether APP_SECRET is the one that the site runs with: nothing in the database but its own requests is signed with it',
    'whether PHP runs in the time zone that timeZone says',
  ],
  open: openRows,
});
