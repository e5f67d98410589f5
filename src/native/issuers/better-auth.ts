import { createHash } from 'node:crypto';
import { describeTable, type TableInfo } from '../../db/introspect.ts';
import { ResetError } from '../../errors.ts';
import { readInstant, toIsoOrText } from '../instant-text.ts';
import { defineIssuer, type Verdict } from '../issuer.ts';
import { textFromSeed } from '../../values/random-text.ts';

const PREFIX = 'reset-password:';

/** `verification.storeIdentifier: 'hashed'` */
const hashed = (identifier: string): string => createHash('sha256').update(identifier).digest('base64url');

/** Drizzle and Prisma often name the columns in snake case. */
function columnsOf({ columns }: TableInfo) {
  const names = new Set(columns.map(({ name }) => name));
  const pick = (camel: string): string => {
    const snake = camel.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    return names.has(camel) ? camel : snake;
  };
  const written = ['createdAt', 'updatedAt'].map(pick).filter((name) => names.has(name));
  // A table that counts gives the id itself.
  const countsItself = columns.some(({ name, kind }) => name === 'id' && kind === 'integer');
  return { expiresAt: pick('expiresAt'), written, countsItself };
}

/** A random token, kept as it is in a table of its own, with its end: the one application where a reader of the database has the links. */
export const betterAuth = defineIssuer({
  name: 'better-auth',
  source: 'better-auth: api/routes/password.ts, db/internal-adapter.ts, db/verification-token-storage.ts',
  secret: null,
  olderSecrets: null,
  columns: [],
  page: '/reset-password',
  tail: '?token={token}',
  looks: { token: /^[A-Za-z0-9]{24,32}$/ },
  lifeMs: 3_600_000,
  lifeSetting: null,
  replaces: false,
  outlivesUse: false,
  unknown: [
    'where the page is: set link.path to the redirectTo of the application’s own request',
    'whether tokens are kept hashed (verification.storeIdentifier) or outside the database (secondaryStorage)',
    'on MySQL, whether the application and the server have the same time zone',
  ],
  async open({ db, schema, qualify }) {
    const info = await describeTable(db, 'verification', schema);
    if (!info) {
      throw new ResetError(
        'config_invalid',
        'This database has no table verification, which Better Auth keeps its reset tokens in.',
      );
    }
    const table = qualify(info.name);
    const { expiresAt, written, countsItself } = columnsOf(info);
    const instant = (seconds: number): string => toIsoOrText(db, seconds);
    return {
      make: (_person, { seed }) => ({ token: textFromSeed(seed, 24) }),
      async store(trx, person, { iat, exp, seed }, { token = '' }) {
        await trx(table).insert({
          ...(countsItself ? {} : { id: textFromSeed(seed.subarray(40), 32) }),
          identifier: PREFIX + token,
          value: person.id,
          [expiresAt]: instant(exp),
          ...Object.fromEntries(written.map((name) => [name, instant(iat)])),
        });
      },
      async whose(trx, { token = '' }) {
        const row = await trx(table)
          .whereIn('identifier', [PREFIX + token, hashed(PREFIX + token)])
          .first<{ value: string } | undefined>('value');
        return row && { id: row.value };
      },
      async check(trx, person, { token = '' }, now): Promise<Verdict> {
        const row = await trx(table)
          .where({ value: person.id })
          .whereIn('identifier', [PREFIX + token, hashed(PREFIX + token)])
          .first<{ end: unknown } | undefined>({ end: expiresAt });
        const end = readInstant(row?.end);
        if (end === undefined) return { state: 'invalid' };
        return { state: end * 1000 < now ? 'expired' : 'good', issuedAt: null, expiresAt: end };
      },
      async revoke(trx, person) {
        await trx(table).where({ value: person.id }).where('identifier', 'like', `${PREFIX}%`).delete();
      },
    };
  },
});
