import type { Db } from '../db/connect.ts';
import { dialectOf } from '../db/connect.ts';
import { describeTable } from '../db/introspect.ts';
import { readInstant, toInstantText, toIsoOrText } from './instant-text.ts';
import type { Issuer, OpenIssuer, Site, Verdict } from './issuer.ts';
import { NEVER } from './signed-token.ts';
import { fromWallSeconds, wallSeconds } from './wall-clock.ts';

/** A column with the end of a link. */
interface EndColumn {
  readonly column: string;
  /** by which clock: `local` is that of the application's own process */
  readonly as: 'utc' | 'local';
}

/** A random token in hexadecimal digits, which the application keeps as it is in the user's own row. */
export interface TokenColumn extends Pick<
  Issuer,
  'name' | 'source' | 'page' | 'tail' | 'lifeMs' | 'unknown'
> {
  readonly column: string;
  /** a column that other applications with such tokens lack; absent: the end is enough to tell them */
  readonly mark?: string;
  readonly bytes: number;
  /** null: links never end by themselves */
  readonly end: EndColumn | null;
  /** what to tell the operator where that column is missing, because the application is older; absent: it never is */
  readonly before?: string;
}

/** How an end (seconds) is kept in its column, and read from it. */
function instantsOf(db: Db, { as }: EndColumn, timeZone: string) {
  if (as === 'utc') return { write: (seconds: number) => toIsoOrText(db, seconds), read: readInstant };
  // Knex keeps a Date as milliseconds in SQLite, which has no zones.
  if (dialectOf(db) === 'sqlite') return { write: (seconds: number) => seconds * 1000, read: readInstant };
  return {
    write: (seconds: number) => toInstantText(wallSeconds(seconds * 1000, timeZone)),
    read(value: unknown) {
      const wall = readInstant(value);
      return wall === undefined ? undefined : fromWallSeconds(wall, timeZone);
    },
  };
}

/** The end that this installation keeps; null if it keeps none. */
async function endOf({ db, table, schema }: Site, { end, before }: TokenColumn): Promise<EndColumn | null> {
  if (!end || before === undefined) return end;
  const info = await describeTable(db, table.slice(table.lastIndexOf('.') + 1), schema);
  return info?.columns.some(({ name }) => name === end.column) === true ? end : null;
}

async function openColumn(site: Site, own: TokenColumn): Promise<OpenIssuer> {
  const { db, table, id, timeZone } = site;
  const end = await endOf(site, own);
  const instants = end && instantsOf(db, end, timeZone);
  const set = (trx: Db, user: string, token: string | null, at: string | number | null) =>
    trx(table)
      .where(id, user)
      .update({ [own.column]: token, ...(end && { [end.column]: at }) });
  return {
    make: (_person, { seed }) => ({ token: seed.subarray(0, own.bytes).toString('hex') }),
    async store(trx, person, { exp }, { token = '' }) {
      await set(trx, person.id, token, instants?.write(exp) ?? null);
    },
    async whose(trx, { token = '' }) {
      const row = await trx(table).where(own.column, token).first<{ id: unknown } | undefined>({ id });
      return row && { id: String(row.id) };
    },
    async check(trx, person, { token = '' }, now): Promise<Verdict> {
      const row = await trx(table)
        .where({ [id]: person.id, [own.column]: token })
        .first<{ end: unknown } | undefined>({ end: end?.column ?? id });
      const expiresAt = instants ? instants.read(row?.end) : NEVER;
      if (!row || expiresAt === undefined) return { state: 'invalid' };
      return { state: expiresAt * 1000 <= now ? 'expired' : 'good', issuedAt: null, expiresAt };
    },
    async revoke(trx, person) {
      await set(trx, person.id, null, null);
    },
    doubts: () => Promise.resolve(end || own.before === undefined ? [] : [own.before]),
  };
}

/** An issuer of such tokens. */
export const tokenColumn = (own: TokenColumn): Issuer => ({
  name: own.name,
  source: own.source,
  secret: null,
  olderSecrets: null,
  columns: [
    own.column,
    ...(own.mark === undefined ? [] : [own.mark]),
    ...(own.end && own.before === undefined ? [own.end.column] : []),
  ],
  page: own.page,
  tail: own.tail,
  looks: { token: new RegExp(`^[0-9a-f]{${2 * own.bytes}}$`) },
  lifeMs: own.lifeMs,
  lifeSetting: null,
  replaces: true,
  outlivesUse: false,
  unknown: own.unknown,
  open: (site) => openColumn(site, own),
});
