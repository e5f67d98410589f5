import {
  inspectTables,
  objectTo,
  rankColumns,
  type ColumnFacts,
  type ColumnRole,
  type TableFacts,
} from '../../flows/setup/propose-columns.ts';
import { listStateColumns, type UnusedState } from '../../flows/setup/list-tables.ts';
import type { App } from '../../app.ts';
import { plural } from '../../values/plural.ts';
import type { Context } from '../command/context.ts';

type Users = Readonly<Record<string, unknown>>;

const NONE = '';

/** A table that no preset fits: which one, and what its columns are for. What its rows rule out is asked for again. */
export async function askForColumns(context: Context, app: App, tables: readonly string[]): Promise<Users> {
  const { ask } = context;
  const inspected = await inspectTables(app, tables);
  const name = await ask.choose(
    'Table of the users:',
    inspected.map(({ table, rows }) => ({
      name: rows === 0 ? `${table} (empty)` : table,
      value: table,
    })),
  );
  const table = inspected.find((each) => each.table === name);
  if (table === undefined) return {};
  const need = (role: ColumnRole, question: string) => askForColumn(context, table, role, question);
  const may = (role: 'username' | 'name' | 'locale', question: string) =>
    offerColumn(context, table, role, question);
  return {
    preset: 'bcrypt',
    table: name,
    id: await need('id', 'Column of the id:'),
    email: await need('email', 'Column of the e-mail address:'),
    password: await need('password', 'Column of the password hash:'),
    hash: 'auto',
    ...(await askForActive(ask, await listStateColumns(app, name))),
    ...(await may('username', 'Column of the user name:')),
    ...(await may('name', "Column of the person's name:")),
    ...(await may('locale', 'Column of the language:')),
  };
}

async function askForColumn(
  { ask, output }: Context,
  table: TableFacts,
  role: ColumnRole,
  question: string,
): Promise<string> {
  const { ranked } = rankColumns(role, table);
  for (;;) {
    const name = await ask.choose(question, ranked.map(choiceOf));
    const column = ranked.find((each) => each.name === name);
    const objection = column && objectTo(role, column, table.rows);
    if (objection === undefined) return name;
    output.warn(`${objection} in the ${plural(table.rows, 'row')} that were read. Choose another column.`);
    const isHopeless = ranked.every((each) => objectTo(role, each, table.rows) !== undefined);
    if (isHopeless && (await ask.confirm(`No column fits. Use ${name} anyway?`, false))) return name;
  }
}

/** An optional column: the likeliest first if one looks right, otherwise none. */
async function offerColumn(
  { ask }: Context,
  table: TableFacts,
  role: 'username' | 'name' | 'locale',
  question: string,
): Promise<Users> {
  const { ranked, isFound } = rankColumns(role, table);
  const none = { name: 'none', value: NONE };
  const columns = ranked.map(choiceOf);
  const chosen = await ask.choose(question, isFound ? [...columns, none] : [none, ...columns]);
  return chosen === NONE ? {} : { [role]: chosen };
}

function choiceOf({ name, values, addresses, hashes }: ColumnFacts): { name: string; value: string } {
  if (addresses > 0) return { name: `${name} (${addresses} of ${values} are addresses)`, value: name };
  if (hashes > 0) return { name: `${name} (${hashes} of ${values} are password hashes)`, value: name };
  return { name, value: name };
}

/** Asked only if a column looks like it. What cannot be guessed gets a warning instead. */
async function askForActive(ask: Context['ask'], found: readonly UnusedState[]): Promise<Users> {
  const known = found.filter(({ condition }) => condition !== undefined);
  if (known.length === 0) return {};
  const chosen = await ask.choose('Column that says who may sign in:', [
    ...known.map(({ column, condition }) => ({
      name: `${column} (${JSON.stringify(condition)} for active users)`,
      value: column,
    })),
    { name: 'none: everybody in the table may sign in', value: NONE },
  ]);
  const state = known.find(({ column }) => column === chosen);
  return state ? { active: { [state.column]: state.condition } } : {};
}
