import type { Db } from '../db/connect.ts';
import { describeTable, listTables, type TableInfo } from '../db/introspect.ts';
import { checkMapping } from './mapping/check-mapping.ts';
import { sampleHashes } from './reading/list-users.ts';
import type { Preset } from './preset.ts';
import { presets } from './presets/index.ts';
import { resolveMapping, type ResolveOptions } from './mapping/resolve-mapping.ts';

/** A preset that may fit this database, and the reasons for it. */
export interface Candidate {
  readonly preset: string;
  readonly title: string;
  /** the site's own name of the table, where it has a prefix */
  readonly table: string;
  readonly schema: string | undefined;
  /** the tables have what only this application has; else the table merely looks like its own */
  readonly isMarked: boolean;
  /** higher is likelier; candidates of equal score are ambiguous */
  readonly score: number;
  readonly reasons: readonly string[];
}

export interface DetectOptions extends ResolveOptions {
  /** name of the format of an encoded hash, or undefined */
  readonly identify: (encoded: string) => string | undefined;
}

/**
 * Which applications' presets this database could be of, likeliest first: the users table with all its columns
 * must be there; other tables that the preset names and the hashes that the rows hold decide between them.
 * Nothing is decided here: two candidates of one score are for the operator to choose.
 */
export async function detectPresets(db: Db, options: DetectOptions): Promise<Candidate[]> {
  const tables = new Map<string | undefined, readonly string[]>();
  const candidates: Candidate[] = [];
  for (const preset of presets as readonly Preset[]) {
    if (!tables.has(preset.schema)) tables.set(preset.schema, await listTables(db, preset.schema));
    const names = tables.get(preset.schema) ?? [];
    for (const table of namesFor(preset, names)) {
      const candidate = await weigh(db, preset, { table, tables: names }, options);
      if (candidate) candidates.push(candidate);
    }
  }
  return candidates.sort((one, other) => other.score - one.score);
}

/** The tables that may be the preset's users table: this name, with whatever prefix if it takes one. */
function namesFor(preset: Preset, tables: readonly string[]): string[] {
  const bare = preset.table.replace('{p}', '');
  const isPrefixed = preset.table.startsWith('{p}');
  return tables.filter((table) => {
    const name = table.toLowerCase();
    return name === bare.toLowerCase() || (isPrefixed && name.endsWith(`_${bare.toLowerCase()}`));
  });
}

async function weigh(
  db: Db,
  preset: Preset,
  { table, tables }: { readonly table: string; readonly tables: readonly string[] },
  options: DetectOptions,
): Promise<Candidate | undefined> {
  const info = await describeTable(db, table, preset.schema);
  const mapping = await checkMapping(db, resolveMapping(preset, { table }, options)).catch(() => undefined);
  if (!info || !mapping) return undefined;
  const reasons: string[] = [];
  let score = 0;
  const add = (points: number, reason: string): void => {
    score += points;
    reasons.push(reason);
  };
  const named = namedColumns(preset, info);
  add(named.length, `table ${table} with ${named.join(', ')}`);
  const others = [mapping.emailIn?.table, mapping.passwordIn?.table, ...mapping.onReset.map(otherTable)];
  for (const other of new Set(others.filter((name) => name !== undefined))) add(2, `table ${other}`);
  const formats = new Set((await sampleHashes(db, mapping, 20)).map(options.identify));
  const hasFormat = preset.hashFormat !== null && formats.has(preset.hashFormat);
  if (hasFormat) add(3, `hashes in the format ${preset.hashFormat}`);
  const mark = findMark(preset, info, tables);
  const isMarked = mark.length > 0;
  if (isMarked) add(MARK_POINTS, `what only this application has: ${mark.join(', ')}`);
  if (!isMarked && !isGuess(preset, info, { named, hasFormat })) return undefined;
  const { title, name, schema } = preset;
  return { preset: name, title, table, schema, isMarked, score, reasons };
}

/** Columns that every application has, and bcrypt, don't point to any of them. */
function isGuess(
  preset: Preset,
  info: TableInfo,
  { named, hasFormat }: { readonly named: readonly string[]; readonly hasFormat: boolean },
): boolean {
  if (named.some((column) => !COMMON.has(column.toLowerCase())) || hasPartOfMark(preset, info)) return true;
  return hasFormat && (preset.marks === undefined || preset.hashFormat !== 'bcrypt');
}

/** More than any number of columns that merely have the same name. */
const MARK_POINTS = 100;

/** Columns that any users table has. */
const COMMON = new Set([
  ...['id', 'email', 'password', 'password_hash', 'name', 'username', 'firstname', 'first_name', 'locale'],
  ...['active', 'status', 'created_at', 'updated_at', 'createdat', 'updatedat'],
]);

/** The first mark that is there whole, in words; empty if none is. */
function findMark(preset: Preset, info: TableInfo, tables: readonly string[]): string[] {
  const columns = lowerCase(info.columns.map(({ name }) => name));
  const others = lowerCase(tables);
  const found = (preset.marks ?? []).find(
    (mark) =>
      (mark.columns ?? []).every((name) => columns.has(name.toLowerCase())) &&
      (mark.tables ?? []).every((name) => others.has(name.toLowerCase())),
  );
  return [...(found?.columns ?? []), ...(found?.tables ?? [])];
}

function hasPartOfMark(preset: Preset, info: TableInfo): boolean {
  const columns = lowerCase(info.columns.map(({ name }) => name));
  const wanted = (preset.marks ?? []).flatMap((mark) => mark.columns ?? []);
  return wanted.some((name) => columns.has(name.toLowerCase()) && !COMMON.has(name.toLowerCase()));
}

const lowerCase = (names: readonly string[]): ReadonlySet<string> =>
  new Set(names.map((name) => name.toLowerCase()));

const otherTable = (step: object): string | undefined =>
  'delete' in step ? (step.delete as string) : (step as { table?: string }).table;

/** The columns that the preset names and this table has, the optional ones too: they distinguish applications. */
function namedColumns(preset: Preset, info: TableInfo): string[] {
  const { password, ...columns } = preset.columns;
  const names = [
    ...Object.values(columns),
    ...(typeof password === 'string' ? [password] : Object.values(password)),
    ...Object.keys(preset.activeWhen ?? {}),
    ...(preset.refuseWhen ?? []).flatMap(({ when }) => Object.keys(when ?? {})),
    ...(preset.optional ?? []),
    ...(preset.onReset ?? []).flatMap((step) =>
      'set' in step && step.table === undefined ? Object.keys(step.set) : [],
    ),
  ];
  const present = new Set(info.columns.map((column) => column.name.toLowerCase()));
  return [...new Set(names)].filter((name) => present.has(name.toLowerCase()));
}
