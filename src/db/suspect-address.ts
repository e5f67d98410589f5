import type { Knex } from 'knex';
import { dialectOf } from './connect.ts';

/** Shapes that include some invalid addresses: an empty label, a hyphen at a label's end, an encoded or numeric domain. */
const SHAPES = [
  ...['.%', '-%', '%.', '%-', '%..%', '%.@%', '%@.%', '%@-%', '%-.%', '%.-%', '%@%@%', '@%', '%@', '%xn--%'],
  ...Array.from({ length: 10 }, (_, digit) => `%${digit}`),
];

/** Longer than this, a part may be too long for an address. */
const PLAIN_LENGTH = 60;

/**
 * SQL that is true for every text in `column` that is not one plain address, and for a few that are: the caller
 * checks these with `isEmail`, and no others. Of a million addresses a few hundred have to be read.
 */
export function suspectAddress(db: Knex, column: string): Knex.Raw {
  const shapes = SHAPES.map(() => '?? like ?').join(' or ');
  const names = SHAPES.flatMap((shape) => [column, shape]);
  return db.raw(
    `(?? is null or ?? not like '%_@_%' or length(??) > ${PLAIN_LENGTH} or ${strange(db)} or ${shapes})`,
    [
      ...[column, column, column],
      ...Array.from({ length: strange(db).split('??').length - 1 }, () => column),
      ...names,
    ],
  );
}

/** Any letter that is rare in addresses, or invisible. */
function strange(db: Knex): string {
  switch (dialectOf(db)) {
    case 'sqlite':
      return `?? glob '*[^a-zA-Z0-9@._+-]*'`;
    case 'postgres':
      return `?? ~ '[^a-zA-Z0-9@._+-]'`;
    case 'mysql':
      return `?? regexp '[^a-zA-Z0-9@._+-]' or length(??) <> char_length(??)`;
  }
}
