import type { Knex } from 'knex';
import { dialectOf } from '../db/connect.ts';
import type { SelectedUser } from '../types.ts';

/** Which number a user has within the mail domain of this address. */
type TakeTurn = (email: string | null) => number;

/** Counts the users of each mail domain, over all pages. */
export function countTurns(): TakeTurn {
  const turns = new Map<string, number>();
  return (email) => {
    const domain = (email ?? '').slice((email ?? '').indexOf('@') + 1).toLowerCase();
    const turn = (turns.get(domain) ?? 0) + 1;
    turns.set(domain, turn);
    return turn;
  };
}

/** A page of users, read from another database, as SQL for `planRows`: one parameter, however many they are. */
export function usersAsQuery(
  trx: Knex,
  page: readonly SelectedUser[],
  takeTurn: TakeTurn,
): Knex.QueryBuilder {
  const rows = page.map((user) => inOrder(user, takeTurn(user.email)));
  return trx.select(COLUMNS).from(trx.raw(`${tableOf(trx)} as j`, [JSON.stringify(rows)]));
}

const COLUMNS = ['id', 'email', 'locale', 'turn', 'is_active', 'is_refused', 'is_changed', 'is_excepted'];

/** The values of COLUMNS. An array, because a database looks up the keys of an object for every row. */
const inOrder = (user: SelectedUser, turn: number): (string | number | null)[] => [
  user.id,
  user.email,
  user.locale,
  turn,
  Number(user.isActive),
  Number(user.isRefused),
  Number(user.isChanged),
  Number(user.isExcepted),
];

function tableOf(trx: Knex): string {
  switch (dialectOf(trx)) {
    case 'sqlite': {
      const values = COLUMNS.map((name, index) => `json_extract(value, '$[${index}]') as ${name}`);
      return `(select ${values.join(', ')} from json_each(?))`;
    }
    case 'postgres': {
      const values = COLUMNS.map((name, index) => `${typed(index)} as ${name}`);
      return `(select ${values.join(', ')} from jsonb_array_elements(cast(? as jsonb)) as v)`;
    }
    case 'mysql': {
      const types = ['varchar(512)', 'varchar(512)', 'varchar(512)'];
      const columns = COLUMNS.map((name, index) => `${name} ${types[index] ?? 'int'} path '$[${index}]'`);
      // A cast text takes the collation of the connection, as texts from the users table do.
      return `(select cast(id as char) as id, cast(email as char) as email, cast(locale as char) as locale, ${COLUMNS.slice(3).join(', ')} from json_table(?, '$[*]' columns(${columns.join(', ')})) as r)`;
    }
  }
}

/** PostgreSQL's own types: three texts, a number, and what is true or false. */
function typed(index: number): string {
  if (index < 3) return `v ->> ${index}`;
  return index === 3 ? `cast(v -> ${index} as int)` : `v -> ${index} = '1'`;
}
