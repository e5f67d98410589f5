import type { Knex } from 'knex';
import { dialectOf } from '../db/connect.ts';
import type { SelectedUser } from '../types.ts';

/** A selected user, read from another database. */
export interface PlannedUser extends SelectedUser {
  /** counts the users of one mail domain */
  readonly turn: number;
}

/** A page of users as SQL for `planRows`: one parameter, however many they are. */
export function usersAsQuery(trx: Knex, page: readonly PlannedUser[]): Knex.QueryBuilder {
  const json = JSON.stringify(
    page.map(({ isActive, isRefused, isChanged, isExcepted, ...text }) => ({
      ...text,
      is_active: Number(isActive),
      is_refused: Number(isRefused),
      is_changed: Number(isChanged),
      is_excepted: Number(isExcepted),
    })),
  );
  return trx.select(COLUMNS).from(trx.raw(`${tableOf(trx)} as j`, [json]));
}

const COLUMNS = ['id', 'email', 'locale', 'turn', 'is_active', 'is_refused', 'is_changed', 'is_excepted'];
const FLAGS = COLUMNS.slice(4);

function tableOf(trx: Knex): string {
  switch (dialectOf(trx)) {
    case 'sqlite': {
      const values = COLUMNS.map((name) => `json_extract(value, '$.${name}') as ${name}`);
      return `(select ${values.join(', ')} from json_each(?))`;
    }
    case 'postgres': {
      const flags = FLAGS.map((name) => `${name} = 1 as ${name}`);
      const types = FLAGS.map((name) => `${name} int`);
      return `(select id, email, locale, turn, ${flags.join(', ')} from jsonb_to_recordset(cast(? as jsonb)) as r(id text, email text, locale text, turn int, ${types.join(', ')}))`;
    }
    case 'mysql': {
      const texts = ['id', 'email', 'locale'].map((name) => `${name} varchar(512) path '$.${name}'`);
      const numbers = ['turn', ...FLAGS].map((name) => `${name} int path '$.${name}'`);
      // A cast text takes the collation of the connection, as texts from the users table do.
      return `(select cast(id as char) as id, cast(email as char) as email, cast(locale as char) as locale, turn, ${FLAGS.join(', ')} from json_table(?, '$[*]' columns(${[...texts, ...numbers].join(', ')})) as r)`;
    }
  }
}
