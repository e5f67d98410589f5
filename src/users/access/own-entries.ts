import type { Db } from '../../db/connect.ts';
import { findColumn, findTable } from '../mapping/find-table.ts';
import { nearest } from '../../values/nearest.ts';
import { isIdentifier, IDENTIFIERS } from '../columns/identifier.ts';
import { checkCondition } from '../columns/condition.ts';
import { checkStep, namesUser } from '../columns/step.ts';
import { isRecord, isScalars, isStep } from '../columns/step-shape.ts';
import { ACCESS_KINDS } from '../store/access-kinds.ts';
import type { StepWhere } from '../columns/rules.ts';
import type { AccessEntry } from './entry.ts';
import { deletion, markSessions, type MappedAccess } from './resolve-access.ts';

interface Problem {
  readonly key: string;
  readonly message: string;
}

/** They outlive a reset: somebody who can read the mailbox must not get around them. */
const FACTORS: readonly unknown[] = ['totp', 'sms', 'recovery-codes', 'passkey'];

type Check = (value: unknown, entry: Record<string, unknown>) => string | undefined;

const when =
  (isGood: (value: unknown) => boolean, otherwise: string): Check =>
  (value) =>
    isGood(value) ? undefined : otherwise;

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isSteps = (value: unknown): boolean => Array.isArray(value) && value.every(isStep);
const ofMustChange: Check = (_, { kind }) =>
  kind === 'must-change' ? undefined : 'goes with the kind must-change';

/** Each key of an entry, and what it must be. */
const KEYS: Readonly<Record<keyof AccessEntry, readonly Check[]>> = {
  kind: [
    when((value) => ACCESS_KINDS.some((kind) => kind === value), `must be one of ${ACCESS_KINDS.join(', ')}`),
  ],
  name: [when(isText, 'must be text')],
  table: [
    when((value) => typeof value === 'string' && isIdentifier(value), `must be a name of ${IDENTIFIERS}`),
  ],
  where: [when(isScalars, 'must be an object of columns and values')],
  when: [checkWhen],
  isOne: [when((value) => value === true, 'must be true, or left out')],
  since: [when(isSince, 'must be a column, or { "column", "as": "s" or "ms" }')],
  end: [when(isSteps, 'must be a list of { "set": … } and { "delete": table, "where": … }')],
  beyond: [when(isText, 'must be text')],
  reset: [
    when((value) => value === 'steps' || value === 'hash', 'must be "steps" or "hash"'),
    (_, { kind }) => (FACTORS.includes(kind) ? 'must be left out: a reset ends no second factor' : undefined),
  ],
  demand: [when(isSteps, 'must be a list of { "set": … }'), ofMustChange],
  demandRow: [when(isScalars, 'must be an object of columns and values'), ofMustChange],
};

function checkWhen(value: unknown): string | undefined {
  if (!isRecord(value)) return 'must be an object of columns and conditions';
  const [first] = Object.entries(value).flatMap(([column, condition]) => {
    const wrong = checkCondition(condition);
    return wrong === undefined ? [] : [`${column}: ${wrong}`];
  });
  return first;
}

function isSince(value: unknown): boolean {
  if (isRecord(value)) return isText(value['column']) && (value['as'] === 's' || value['as'] === 'ms');
  return isText(value);
}

/** What is wrong with `users.access`, as far as it shows without a database. `own` are columns that a reset decides about. */
export const checkOwnEntries = (entries: unknown, own: readonly string[]): Problem[] =>
  Array.isArray(entries)
    ? entries.flatMap((entry: unknown, index) =>
        wrongIn(entry, own).map((message) => ({ key: `users.access[${index}]`, message })),
      )
    : [{ key: 'users.access', message: 'must be a list of { "kind", "table", "where", … }' }];

function wrongIn(entry: unknown, own: readonly string[]): string[] {
  if (!isRecord(entry)) return ['must be an object with a kind'];
  const wrong = Object.entries({ kind: undefined, ...entry }).flatMap(([key, value]) => {
    if (!Object.hasOwn(KEYS, key)) return [unknownKey(key)];
    const message = KEYS[key as keyof AccessEntry].map((check) => check(value, entry)).find((each) => each);
    return message === undefined ? [] : [`${key} ${message}`];
  });
  return wrong.length > 0 ? wrong : wrongPlace(entry as unknown as AccessEntry, own);
}

function unknownKey(key: string): string {
  const guess = nearest(key, Object.keys(KEYS));
  return `has no key ${JSON.stringify(key)}${guess === undefined ? '' : `; did you mean ${guess}?`}`;
}

/** Its rows must be the user's, and its end no more than them. */
function wrongPlace(entry: AccessEntry, own: readonly string[]): string[] {
  const { table, where, end = deletion(entry), demand = [], demandRow } = entry;
  const steps = [...oddNames(entry), ...[...end, ...demand].flatMap((step) => checkStep(step, own))];
  if (table === undefined) {
    const bare = entry.when === undefined || entry.end === undefined;
    return [
      ...(bare ? ['needs "table" and "where", or for columns of the users table "when" and "end"'] : []),
      ...(where || demandRow ? ['"where" and "demandRow" go with "table"'] : []),
      ...steps,
    ];
  }
  if (!namesUser(where)) return ['must name the user in "where": {id}, {email} or {username}'];
  return [...new Set(steps)];
}

/** Names outside of steps, which are checked with them. */
function oddNames({ when: conditions = {}, where = {}, demandRow = {}, since }: AccessEntry): string[] {
  const sinceColumn = typeof since === 'object' ? since.column : since;
  const names = [conditions, where, demandRow].flatMap(Object.keys);
  const odd = [...names, ...(sinceColumn === undefined ? [] : [sinceColumn])].filter(
    (name) => !isIdentifier(name),
  );
  return odd.length === 0 ? [] : [`names ${JSON.stringify(odd)}: only ${IDENTIFIERS}`];
}

/** The operator's entries, which are in names of this site already. */
export const ownAccess = (entries: readonly AccessEntry[]): MappedAccess[] =>
  entries.map((entry) => ({
    ...entry,
    end: (entry.end ?? deletion(entry)).map((step) => markSessions(entry, step)),
    isOwn: true,
  }));

/** What of the operator's entries is not in this database: of a preset's it would be left out without a word. */
export async function findMissing(
  db: Db,
  { access, schema, table }: { access: readonly MappedAccess[]; schema: string | undefined; table: string },
): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const [index, entry] of access.filter(({ isOwn }) => isOwn).entries()) {
    const key = `users.access[${index}]`;
    for (const [name, columns] of columnsOf(entry, table)) {
      const found = await findTable(db, schema, name);
      const lacking = columns.filter((column) => found && !findColumn(found, column));
      if (!found) problems.push({ key, message: `there is no table ${name} in this database` });
      for (const column of lacking)
        problems.push({ key, message: `the table ${name} has no column ${column}` });
    }
  }
  return problems;
}

/** Every table that an entry names, with its columns. */
function columnsOf(entry: MappedAccess, users: string): Map<string, string[]> {
  const named = new Map<string, string[]>();
  const add = (table: string, ...columns: readonly (readonly string[])[]) =>
    named.set(table, [...new Set([...(named.get(table) ?? []), ...columns.flat()])]);
  const { table = users, since, demand = [], demandRow = {} } = entry;
  const keys = (where: StepWhere | undefined) => Object.keys(where ?? {});
  const sinceColumn = typeof since === 'object' ? since.column : since;
  add(
    table,
    keys(entry.where),
    Object.keys(entry.when ?? {}),
    Object.keys(demandRow),
    [sinceColumn ?? []].flat(),
  );
  for (const step of [...entry.end, ...demand]) {
    if ('delete' in step) add(step.delete, keys(step.where));
    else add(step.table ?? users, keys(step.where), Object.keys(step.set));
  }
  return named;
}
