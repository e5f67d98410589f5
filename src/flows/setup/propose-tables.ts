import type { App } from '../../app.ts';
import { listColumns } from '../../db/introspect.ts';
import { findFormat, isWritable } from '../../passwords/find-format.ts';
import { guessState } from '../../users/mapping/unused-state.ts';
import type { Preset } from '../../users/preset/preset.ts';
import { presets } from '../../users/presets/index.ts';
import type { Candidate } from '../../users/recognition/detect.ts';
import {
  inspectTables,
  looksNamed,
  objectTo,
  rankColumns,
  type ColumnFacts,
  type ColumnRole,
  type TableFacts,
} from './propose-columns.ts';

/** Tables whose columns are called like it are read; a database with more of them is not like any other. */
const MOST_READ = 20;

/** Tables of no application that is known, with addresses and hashes of one format: how they would be mapped. */
export async function proposeTables(app: Pick<App, 'usersDb'>): Promise<Candidate[]> {
  const likely = [...(await listColumns(app.usersDb))]
    .filter(([table, columns]) => !table.startsWith('reset_') && looksLikeUsers(columns))
    .map(([table]) => table);
  const inspected = await inspectTables(app, likely.slice(0, MOST_READ));
  return inspected.flatMap((table) => propose(table) ?? []);
}

const looksLikeUsers = (columns: readonly string[]): boolean =>
  columns.some((name) => looksNamed('password', name)) &&
  columns.some((name) => looksNamed('email', name) || looksNamed('username', name));

function propose(facts: TableFacts): Candidate | undefined {
  const id = first('id', facts);
  const email = first('email', facts);
  const password = first('password', facts);
  const format = password && onlyFormat(password);
  if (!id || !email || !password || format === undefined) return undefined;
  if (!tellsRowsApart(id, facts.rows) || !holdsAddresses(email)) return undefined;
  const { table } = facts;
  const active = stateOf(facts.columns);
  const preset = presetFor(format);
  return {
    ...{ preset, table, schema: undefined, isMarked: false, isOwn: true, isUsual: false, score: 0 },
    title: `your own table ${table}, ${format}`,
    users: {
      ...{ preset, table, id: id.name, email: email.name, password: password.name, hash: 'auto' },
      ...(active && { active }),
      ...named('username', facts),
      ...named('name', facts),
    },
    reasons: [
      `table ${table}: ${email.name} holds e-mail addresses, ${password.name} holds ${format}, ${id.name} is unique`,
      ...(active ? [`who may sign in: ${JSON.stringify(active)}, by the names of the columns`] : []),
    ],
  };
}

const tellsRowsApart = (id: ColumnFacts, rows: number): boolean =>
  id.isUnique && objectTo('id', id, rows) === undefined;

const holdsAddresses = ({ addresses, values }: ColumnFacts): boolean =>
  addresses > 0 && 10 * addresses >= 9 * values;

/** The format that all of them have, if it is one that can be written. */
function onlyFormat({ formats, hashes, values }: ColumnFacts): string | undefined {
  const [format, ...more] = formats;
  if (format === undefined || more.length > 0 || hashes < values) return undefined;
  return isWritable(findFormat(format)) ? format : undefined;
}

/** A preset that belongs to no application and writes this format; else the plainest, which keeps what the rows have. */
function presetFor(format: string): string {
  const fitting = (presets as readonly Preset[]).find(
    ({ marks, hashFormat, olderFormats = [] }) =>
      marks === undefined && (hashFormat === format || olderFormats.includes(format)),
  );
  return fitting?.name ?? 'bcrypt';
}

/** What its columns seem to say about who may sign in: the operator decides whether that is so. */
function stateOf(columns: readonly ColumnFacts[]): Record<string, unknown> | undefined {
  const states = columns.flatMap(({ name, kind }) => guessState(name, kind) ?? []);
  const known = states.filter(({ condition }) => condition !== undefined);
  return known.length === 0
    ? undefined
    : Object.fromEntries(known.map(({ column, condition }) => [column, condition]));
}

function first(role: ColumnRole, facts: TableFacts): ColumnFacts | undefined {
  const { ranked, isFound } = rankColumns(role, facts);
  return isFound ? ranked[0] : undefined;
}

/** An optional column whose name says what it is. */
function named(role: 'username' | 'name', facts: TableFacts): Record<string, string> {
  const column = first(role, facts);
  return column === undefined ? {} : { [role]: column.name };
}
