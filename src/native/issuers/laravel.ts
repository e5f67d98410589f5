import { describeTable } from '../../db/introspect.ts';
import { ResetError } from '../../errors.ts';
import { readInstant, toInstantText } from '../instant-text.ts';
import { defineIssuer, type Verdict } from '../issuer.ts';

/** Since Laravel 10, and before. */
const TABLES = ['password_reset_tokens', 'password_resets'];

interface Row {
  readonly token: string;
  readonly created_at: unknown;
}

/** A random token of 64 hexadecimal digits; a table keeps its bcrypt hash, one row an address. */
export const laravel = defineIssuer({
  name: 'laravel',
  source: 'laravel/framework: src/Illuminate/Auth/Passwords/DatabaseTokenRepository.php',
  secret: null,
  columns: [],
  page: '/reset-password',
  tail: '/{token}?email={email}',
  lifeMs: 3_600_000,
  lifeSetting: 'auth.passwords.users.expire',
  replaces: true,
  unknown: [
    'whether the application keeps its tokens in this table and its times in UTC (config app.timezone)',
  ],
  async open({ db, schema, qualify, hashes, lifeMs }) {
    const name = await findTable(TABLES, (table) => describeTable(db, table, schema));
    const table = qualify(name);
    return {
      make: (person, { seed }) => ({ token: seed.subarray(0, 32).toString('hex'), email: person.email }),
      async store(trx, { email }, { iat }, { token = '' }) {
        await trx(table).where({ email }).delete();
        await trx(table).insert({
          email,
          token: await hashes.bcrypt.hash(token),
          created_at: toInstantText(iat),
        });
      },
      whose: (_db, { email }) => Promise.resolve(email === undefined ? undefined : { email }),
      async check(db, { email }, { token = '' }, now): Promise<Verdict> {
        const row = await db(table).where({ email }).first<Row | undefined>('token', 'created_at');
        const issuedAt = readInstant(row?.created_at);
        if (!row || issuedAt === undefined || !(await hashes.bcrypt.check(token, row.token)))
          return { state: 'invalid' };
        const expiresAt = issuedAt + lifeMs / 1000;
        return { state: expiresAt * 1000 < now ? 'expired' : 'good', issuedAt, expiresAt };
      },
      async revoke(trx, { email }) {
        await trx(table).where({ email }).delete();
      },
    };
  },
});

async function findTable(
  names: readonly string[],
  describe: (name: string) => Promise<unknown>,
): Promise<string> {
  for (const name of names) if (await describe(name)) return name;
  throw new ResetError(
    'config_invalid',
    `This database has no table ${names.join(' or ')}, which Laravel keeps its reset tokens in.`,
  );
}
