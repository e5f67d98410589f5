import type { Db } from '../../db/connect.ts';
import { describeTable, listColumns } from '../../db/introspect.ts';
import { checkMapping } from '../mapping/check-mapping.ts';
import { sampleHashes } from '../reading/list-users.ts';
import type { Preset } from '../preset/preset.ts';
import { presets } from '../presets/index.ts';
import { resolveMapping, type ResolveOptions } from '../mapping/resolve-mapping.ts';
import type { UsersMapping } from '../mapping/users-mapping.ts';
import { COMMON, findMark, hasPartOfMark, namedColumns, type TableNames } from './marks.ts';
import { tablesFor } from './tables-for.ts';

/** A preset that may fit this database, and the reasons for it. */
export interface Candidate {
  readonly preset: string;
  readonly title: string;
  /** the site's own name of the table, where it has a prefix */
  readonly table: string;
  readonly schema: string | undefined;
  /** `users` of a config file that says so */
  readonly users: Readonly<Record<string, unknown>>;
  /** a table of no application that is known, proposed by what its rows hold */
  readonly isOwn: boolean;
  /** the table and its columns are called as in the preset */
  readonly isUsual: boolean;
  /** the tables have what only this application has; else the table merely looks like its own */
  readonly isMarked: boolean;
  /** higher is likelier; it only sorts the list */
  readonly score: number;
  readonly reasons: readonly string[];
}

export interface DetectOptions extends ResolveOptions {
  /** name of the format of an encoded hash, or undefined */
  readonly identify: (encoded: string) => string | undefined;
  /** look for this preset alone, and take a guess for an answer: the operator has named it */
  readonly only?: string;
}

/**
 * Which applications' presets this database could be of, likeliest first: the users table with all its columns
 * must be there; other tables that the preset names and the hashes that the rows hold speak for it.
 */
export async function detectPresets(db: Db, options: DetectOptions): Promise<Candidate[]> {
  const schemas = new Map<string | undefined, TableNames>();
  const candidates: Candidate[] = [];
  for (const preset of presets as readonly Preset[]) {
    if (options.only !== undefined && options.only !== preset.name) continue;
    const tables = schemas.get(preset.schema) ?? (await listColumns(db, preset.schema));
    schemas.set(preset.schema, tables);
    for (const [table, users] of tablesFor(preset, tables)) {
      const candidate = await weigh(db, preset, { table, users, tables }, options);
      if (candidate) candidates.push(candidate);
    }
  }
  return withoutRefined(candidates).sort((one, other) => other.score - one.score);
}

/** The one that has what only its application has, if it is alone in that. */
export function chooseCandidate(candidates: readonly Candidate[]): Candidate | undefined {
  const marked = candidates.filter(({ isMarked }) => isMarked);
  return marked.length === 1 ? marked[0] : undefined;
}

/** GitLab's table is one of Devise, too: only the preset that knows more is left. */
function withoutRefined(candidates: readonly Candidate[]): Candidate[] {
  const refined = candidates
    .filter(({ isMarked }) => isMarked)
    .map((each) => [(presets as readonly Preset[]).find(({ name }) => name === each.preset)?.refines, each]);
  return candidates.filter(
    (each) =>
      !refined.some(
        ([name, other]) =>
          name === each.preset &&
          (other as Candidate).table === each.table &&
          (other as Candidate).schema === each.schema,
      ),
  );
}

interface Place {
  readonly table: string;
  /** what is called otherwise than in the preset */
  readonly users: Readonly<Record<string, string>>;
  readonly tables: TableNames;
}

async function weigh(
  db: Db,
  preset: Preset,
  { table, users, tables }: Place,
  options: DetectOptions,
): Promise<Candidate | undefined> {
  const info = await describeTable(db, table, preset.schema);
  const overrides = { ...users, table };
  const mapping = await checkMapping(db, resolveMapping(preset, overrides, options)).catch(() => undefined);
  if (!info || !mapping) return undefined;
  const columns = info.columns.map(({ name }) => name);
  const named = namedColumns(preset, columns, users);
  const others = otherTables(mapping);
  const { shown, isForeign } = await lookAtHashes(db, preset, mapping, options);
  const mark = findMark(preset, { table, columns }, tables);
  const isMarked = mark.length > 0;
  const isGuess =
    named.some((column) => !COMMON.has(column.toLowerCase())) ||
    hasPartOfMark(preset, columns) ||
    (shown !== undefined && (preset.marks === undefined || preset.hashFormat !== 'bcrypt'));
  if (options.only === undefined && !isMarked && (!isGuess || isForeign)) return undefined;
  const { title, name, schema } = preset;
  return {
    ...{ preset: name, title, table, schema, isMarked, isOwn: false },
    isUsual: Object.keys(users).length === 0 && mapping.table === resolveMapping(preset, {}, options).table,
    users: {
      preset: name,
      ...(name === 'default' ? users : overrides),
      ...(schema === undefined ? {} : { schema }),
    },
    score: (isMarked ? MARK_POINTS : 0) + named.length + 2 * others.length + (shown === undefined ? 0 : 3),
    reasons: [
      `table ${table} with ${named.join(', ')}`,
      ...others.map((other) => `table ${other}`),
      ...(shown === undefined ? [] : [`hashes in the format ${shown}`]),
      ...(isMarked ? [`what only this application has: ${mark.join(', ')}`] : []),
    ],
  };
}

/** More than any number of columns that merely have the same name. */
const MARK_POINTS = 100;

/** The preset's format, if rows have it, and whether they have others alone. */
async function lookAtHashes(
  db: Db,
  { hashFormat, olderFormats = [] }: Preset,
  mapping: UsersMapping,
  { identify }: DetectOptions,
): Promise<{ readonly shown: string | undefined; readonly isForeign: boolean }> {
  const hashes = await sampleHashes(db, mapping, 20).catch(() => []);
  const formats = new Set(hashes.map(identify));
  const shown = [hashFormat, ...olderFormats].find((each) => each !== null && formats.has(each));
  return { shown: shown ?? undefined, isForeign: hashes.length > 0 && shown === undefined };
}

function otherTables({ emailIn, passwordIn, onReset }: UsersMapping): string[] {
  const steps = onReset.map((step) => ('delete' in step ? step.delete : step.table));
  return [...new Set([emailIn?.table, passwordIn?.table, ...steps])].filter((name) => name !== undefined);
}
