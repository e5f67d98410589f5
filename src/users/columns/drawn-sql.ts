import type { Knex } from 'knex';
import { dialectOf, type Db, type Dialect } from '../../db/connect.ts';
import type { NewValue } from './rules.ts';

/** A value that is drawn. */
export type Drawn = Extract<NewValue, { readonly random: number } | { readonly uuid: true }>;

/** An expression of SQLite's may not be deeper than a thousand. */
const LONGEST = 256;

/** Can the database draw it in a statement about many rows? */
export const isDrawn = (value: NewValue): value is Drawn =>
  typeof value === 'object' &&
  value !== null &&
  ('uuid' in value || ('random' in value && value.random <= LONGEST));

/** A value like this for each row that a statement meets, from the database's own cryptographic generator. */
export function drawnSql(db: Db, value: Drawn): Knex.Raw {
  const draw = GENERATORS[dialectOf(db)];
  if ('uuid' in value) return db.raw(draw.uuid);
  return db.raw(value.digits === 'hex' ? draw.hex(value.random) : draw.text(value.random));
}

interface Generator {
  readonly uuid: string;
  readonly hex: (length: number) => string;
  /** letters and digits; where they come from base64, two letters are twice as likely */
  readonly text: (length: number) => string;
}

const bytesOfHex = (length: number): number => Math.ceil(length / 2);
const bytesOfText = (length: number): number => Math.ceil(length / 4) * 3;

/**
 * A random UUID has 122 random bits, and six that are always the same: their digest has fifteen random bytes. Asking the
 * generator is what takes the time, so each row asks as seldom as it can.
 */
const DRAWN_BYTES = 15;
const postgresBytes = (length: number): string => {
  const draws = Array.from(
    { length: Math.ceil(length / DRAWN_BYTES) },
    () => `substr(sha256(uuid_send(gen_random_uuid())), 1, ${DRAWN_BYTES})`,
  );
  return `substr(${draws.join(' || ')}, 1, ${length})`;
};
const postgresHex = (length: number): string =>
  `left(encode(${postgresBytes(bytesOfHex(length))}, 'hex'), ${length})`;
const mysqlHex = (length: number): string =>
  `left(lower(hex(random_bytes(${bytesOfHex(length)}))), ${length})`;
const sqliteHex = (length: number): string =>
  `substr(lower(hex(randomblob(${bytesOfHex(length)}))), 1, ${length})`;

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

const GENERATORS: Readonly<Record<Dialect, Generator>> = {
  postgres: {
    uuid: 'gen_random_uuid()',
    hex: postgresHex,
    text: (length) =>
      `left(translate(encode(${postgresBytes(bytesOfText(length))}, 'base64'), '+/=' || chr(10), 'Aa'), ${length})`,
  },
  mysql: {
    uuid: `concat_ws('-', ${mysqlHex(8)}, ${mysqlHex(4)}, concat('4', ${mysqlHex(3)}), concat(elt(1 + mod(ord(random_bytes(1)), 4), '8', '9', 'a', 'b'), ${mysqlHex(3)}), ${mysqlHex(12)})`,
    hex: mysqlHex,
    text: (length) =>
      `left(replace(replace(replace(to_base64(random_bytes(${bytesOfText(length)})), '+', 'A'), '/', 'a'), char(10), ''), ${length})`,
  },
  sqlite: {
    uuid: `${sqliteHex(8)} || '-' || ${sqliteHex(4)} || '-4' || ${sqliteHex(3)} || '-' || substr('89ab', 1 + abs(random() % 4), 1) || ${sqliteHex(3)} || '-' || ${sqliteHex(12)}`,
    hex: sqliteHex,
    text: (length) =>
      Array.from({ length }, () => `substr('${LETTERS}', 1 + abs(random() % ${LETTERS.length}), 1)`).join(
        ' || ',
      ),
  },
};
