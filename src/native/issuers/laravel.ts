import type { Db } from '../../db/connect.ts';
import { dialectOf } from '../../db/connect.ts';
import { describeTable, type TableInfo } from '../../db/introspect.ts';
import { ResetError } from '../../errors.ts';
import { readInstant, toInstantText } from '../instant-text.ts';
import { defineIssuer, type Site, type TokenHash, type Verdict } from '../issuer.ts';
import { wallSeconds } from '../wall-clock.ts';

/** Since Laravel 10, and before. */
const TABLES = ['password_reset_tokens', 'password_resets'];

interface Row {
  readonly token: string;
  readonly created_at: unknown;
}

/** A random token of 64 hexadecimal digits; a table keeps its hash, one row an address. */
export const laravel = defineIssuer({
  name: 'laravel',
  source: 'laravel/framework: src/Illuminate/Auth/Passwords/DatabaseTokenRepository.php',
  secret: null,
  olderSecrets: null,
  columns: [],
  page: '/reset-password',
  tail: '/{token}?email={email}',
  looks: { token: /^[0-9a-f]{64}$/, email: /^[^@\s]+@[^@\s]+$/ },
  lifeMs: 3_600_000,
  lifeSetting: 'auth.passwords.users.expire',
  replaces: true,
  outlivesUse: false,
  unknown: [
    'whether the application keeps its tokens in this table, and its times in the zone that timeZone says (its app.timezone)',
  ],
  async open({ db, schema, qualify, hashes, timeZone, lifeMs }) {
    const info = await findTable(db, schema);
    const table = qualify(info.name);
    const instants = instantsOf(db, info);
    const wallOf = (seconds: number): number => wallSeconds(seconds * 1000, timeZone);
    return {
      make: (person, { seed }) => ({ token: seed.subarray(0, 32).toString('hex'), email: person.email }),
      async store(trx, { email, encoded }, { iat }, { token = '' }) {
        await trx(table).where({ email }).delete();
        await trx(table).insert({
          email,
          token: await hashLike(hashes, encoded).hash(token),
          created_at: instants.write(trx, toInstantText(wallOf(iat))),
        });
      },
      whose: (_db, { email }) => Promise.resolve(email === undefined ? undefined : { email }),
      async check(trx, { email }, { token = '' }, now): Promise<Verdict> {
        const row = (await trx(table)
          .where({ email })
          .select('token', { created_at: instants.read(trx) })
          .first()) as Row | undefined;
        const wall = readInstant(row?.created_at);
        if (!row || wall === undefined || !(await hashLike(hashes, row.token).check(token, row.token)))
          return { state: 'invalid' };
        const nowS = Math.floor(now / 1000);
        const issuedAt = nowS - (wallOf(nowS) - wall);
        const expiresAt = issuedAt + lifeMs / 1000;
        return { state: expiresAt * 1000 < now ? 'expired' : 'good', issuedAt, expiresAt };
      },
      async revoke(trx, { email }) {
        await trx(table).where({ email }).delete();
      },
    };
  },
});

/** The one hasher of the application hashes both, passwords and tokens, and throws at hashes of another kind. */
function hashLike(hashes: Site['hashes'], encoded: string): TokenHash {
  if (encoded.startsWith('$argon2id$')) return hashes.argon2id;
  return encoded.startsWith('$argon2i$') ? hashes.argon2i : hashes.bcrypt;
}

/** MySQL keeps a `timestamp` in UTC: what Laravel's session writes is in the server's zone, and ours is in UTC. */
function instantsOf(db: Db, { columns }: TableInfo) {
  const type = columns.find(({ name }) => name === 'created_at')?.type ?? '';
  const isShifted = dialectOf(db) === 'mysql' && type.startsWith('timestamp');
  const shift = 'coalesce(convert_tz(:instant, @@global.time_zone, @@session.time_zone), :instant)';
  const unshift = 'coalesce(convert_tz(created_at, @@session.time_zone, @@global.time_zone), created_at)';
  return {
    write: (trx: Db, instant: string) => (isShifted ? trx.raw(shift, { instant }) : instant),
    read: (trx: Db) => (isShifted ? trx.raw(unshift) : trx.ref('created_at')),
  };
}

async function findTable(db: Db, schema: string | undefined): Promise<TableInfo> {
  for (const name of TABLES) {
    const info = await describeTable(db, name, schema);
    if (info) return info;
  }
  throw new ResetError(
    'config_invalid',
    `This database has no table ${TABLES.join(' or ')}, which Laravel keeps its reset tokens in.`,
  );
}
