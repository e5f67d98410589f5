import { nearest } from '../../values/nearest.ts';
import type { Db } from '../../db/connect.ts';
import { listTables, type ColumnInfo, type TableInfo } from '../../db/introspect.ts';
import { findUntransacted } from '../../db/untransacted-tables.ts';
import { findMissing } from '../access/own-entries.ts';
import { findColumn, findTable } from './find-table.ts';
import { keepAdvice } from './keep-advice.ts';
import type { Conditions, Join, NewValue, PasswordJoin, Refusal } from '../preset/preset.ts';
import { refuse, type MappingProblem } from './resolve-mapping.ts';
import { renamed } from './renamed.ts';
import { checkSteps } from './check-steps.ts';
import { findLooseTie } from './tie.ts';
import { conditionColumns, writtenTables, type ColumnFacts, type UsersMapping } from './users-mapping.ts';

/**
 * The mapping as this database has it: real upper and lower case of the names, what each column is, and without
 * the optional columns and the steps that the schema lacks (they are listed in `skipped`).
 *
 * @throws config_invalid with every missing table or column and the nearest that is there (R72), and when the
 * id is not unique (R74)
 */
export async function checkMapping(db: Db, mapping: UsersMapping): Promise<UsersMapping> {
  const check = new Check();
  const user = await check.table(db, mapping, mapping.table, 'users.table');
  const email = mapping.emailIn ? await check.table(db, mapping, mapping.emailIn.table, 'users.email') : user;
  const password = mapping.passwordIn
    ? await check.table(db, mapping, mapping.passwordIn.table, 'users.password')
    : user;
  if (!user || !email || !password) throw refuse(check.problems);

  const { steps, skipped } = await checkSteps(db, mapping, mapping.onReset, user);
  const checked: UsersMapping = {
    ...mapping,
    table: user.name,
    id: check.needed(user, mapping.id, 'users.id'),
    email: check.needed(email, mapping.email, 'users.email'),
    name: check.known(user, mapping, 'name'),
    username: check.known(user, mapping, 'username'),
    locale: check.known(user, mapping, 'locale'),
    timeZone: check.wanted(user, mapping, mapping.timeZone, 'users.timeZone'),
    changedAt: check.known(user, mapping, 'changedAt'),
    password: check.password(password, mapping),
    emailIn: check.join(user, email, mapping.emailIn, 'users.email'),
    passwordIn: check.passwordJoin(user, password, mapping),
    activeWhen: check.conditions(user, mapping, mapping.activeWhen),
    siblings:
      mapping.siblings && renamed(mapping.siblings, (name) => check.needed(user, name, 'users.table')),
    refuseWhen: check.refusals(user, mapping.refuseWhen),
    onReset: steps,
    advice: await keepAdvice(db, mapping),
  };
  check.identity(user, checked);
  await check.ties(db, checked, user);
  check.problems.push(...(await findMissing(db, checked)), ...(await findOtherRelease(db, mapping)));
  if (check.problems.length > 0) throw refuse(check.problems);
  return {
    ...checked,
    skipped,
    untransacted: await findUntransacted(db, writtenTables(checked), checked.schema),
    facts: factsOf(checked, { user, email, password }),
  };
}

/** Tables that say that the application is of another release than the preset is for. */
async function findOtherRelease(db: Db, { preset, schema }: UsersMapping): Promise<MappingProblem[]> {
  const problems: MappingProblem[] = [];
  for (const [name, because] of Object.entries(preset.without ?? {}))
    if (await findTable(db, schema, name)) problems.push({ key: 'users.preset', message: because });
  return problems;
}

/** Collects what is wrong while it resolves one name after the other. */
class Check {
  readonly problems: MappingProblem[] = [];

  async table(db: Db, mapping: UsersMapping, name: string, key: string): Promise<TableInfo | undefined> {
    const found = await findTable(db, mapping.schema, name);
    if (!found) {
      const guess = nearest(name, await listTables(db, mapping.schema));
      this.problems.push({ key, message: `there is no table ${name} in this database${suggest(guess)}` });
    }
    return found;
  }

  needed(table: TableInfo, name: string, key: string): string {
    const column = findColumn(table, name);
    if (!column) {
      const guess = nearest(
        name,
        table.columns.map((each) => each.name),
      );
      this.problems.push({ key, message: `the table ${table.name} has no column ${name}${suggest(guess)}` });
    }
    return column?.name ?? name;
  }

  wanted(table: TableInfo, mapping: UsersMapping, name: string | undefined, key: string): string | undefined {
    if (name === undefined) return undefined;
    const isMissing = findColumn(table, name) === undefined;
    return isMissing && mapping.preset.optional?.includes(name) ? undefined : this.needed(table, name, key);
  }

  /** A column that only tells more about a user: where a fork lacks the preset's, the rest works without it. */
  known(
    user: TableInfo,
    mapping: UsersMapping,
    role: 'name' | 'username' | 'locale' | 'changedAt',
  ): string | undefined {
    const name = mapping[role];
    const isPresets = name !== undefined && name === mapping.preset.columns[role];
    if (isPresets && !findColumn(user, name) && !isDependedOn(mapping, role)) return undefined;
    return this.wanted(user, mapping, name, `users.${role}`);
  }

  password(table: TableInfo, mapping: UsersMapping): Record<string, string> {
    return Object.fromEntries(
      Object.entries(mapping.password).map(([role, name]) => [
        role,
        this.needed(table, name, 'users.password'),
      ]),
    );
  }

  join<T extends Join>(user: TableInfo, table: TableInfo, join: T | undefined, key: string): T | undefined {
    return (
      join && {
        ...join,
        table: table.name,
        local: this.needed(user, join.local, key),
        foreign: this.needed(table, join.foreign, key),
        where: renamed(join.where ?? {}, (name) => this.needed(table, name, key)),
      }
    );
  }

  passwordJoin(user: TableInfo, table: TableInfo, mapping: UsersMapping): PasswordJoin | undefined {
    const join = this.join(user, table, mapping.passwordIn, 'users.password');
    return join?.create ? { ...join, create: this.created(table, mapping, join.create) } : join;
  }

  /** The columns of a new row as this database has them: ids that it draws itself are left to it. */
  private created(
    table: TableInfo,
    mapping: UsersMapping,
    create: Readonly<Record<string, NewValue>>,
  ): Record<string, NewValue> {
    const values: Record<string, NewValue> = {};
    for (const [name, value] of Object.entries(create)) {
      const column = this.wanted(table, mapping, name, 'users.password');
      if (column === undefined) continue;
      const fitting = fitDrawn(value, findColumn(table, column)?.kind);
      if (fitting !== undefined) values[column] = fitting;
    }
    return values;
  }

  conditions(user: TableInfo, mapping: UsersMapping, conditions: Conditions): Conditions {
    return renamed(conditions, (name) => this.wanted(user, mapping, name, 'users.active'));
  }

  /** A rule on a column that this version has not got says nothing about its users. */
  refusals(user: TableInfo, refusals: readonly Refusal[]): Refusal[] {
    return refusals
      .filter(({ when }) => conditionColumns(when).every((name) => findColumn(user, name)))
      .map((refusal) => ({
        ...refusal,
        ...(refusal.when && { when: renamed(refusal.when, (name) => findColumn(user, name)?.name) }),
      }));
  }

  /** A join that is not about these users would take another person's address or hash. */
  async ties(db: Db, { schema, emailIn, passwordIn }: UsersMapping, user: TableInfo): Promise<void> {
    for (const [key, join] of [
      ['users.email', emailIn],
      ['users.password', passwordIn],
    ] as const) {
      if (!join) continue;
      const beside = { table: join.table, columns: [join.foreign], tie: join.tie };
      const because = await findLooseTie(db, schema, user.name, beside);
      if (because === undefined) continue;
      const message = `the preset takes it from the table ${join.table}, but ${because}; name table and columns yourself`;
      this.problems.push({ key, message });
    }
  }

  /** R74: an UPDATE by id must not be able to reach two users. */
  identity(user: TableInfo, mapping: UsersMapping): void {
    const id = findColumn(user, mapping.id);
    if (!id) return;
    if (id.kind === 'binary') {
      const message = `the column ${id.name} is binary; ids must be numbers, text or UUIDs. If another column is unique, such as the e-mail address, set users.id to it`;
      this.problems.push({ key: 'users.id', message });
    }
    const isUnique = user.unique.some((columns) =>
      mapping.siblings ? columns.includes(id.name) : columns.length === 1 && columns[0] === id.name,
    );
    if (!isUnique) {
      const message = `the column ${id.name} is neither a primary key nor unique, so one reset could reach two users`;
      this.problems.push({ key: 'users.id', message });
    }
  }
}

/** A step that finds its rows by the user name. */
const isDependedOn = ({ onReset }: UsersMapping, role: string): boolean =>
  role === 'username' && JSON.stringify(onReset).includes('{username}');

const suggest = (guess: string | undefined): string =>
  guess === undefined ? '' : `; did you mean ${guess}?`;

function factsOf(
  mapping: UsersMapping,
  tables: Readonly<Record<'user' | 'email' | 'password', TableInfo>>,
): Record<string, ColumnFacts> {
  const facts: Record<string, ColumnFacts> = {};
  const sources = {
    user: true,
    email: mapping.emailIn !== undefined,
    password: mapping.passwordIn !== undefined,
  };
  for (const source of ['user', 'email', 'password'] as const) {
    if (!sources[source]) continue;
    for (const { name, kind, maxLength, isCaseInsensitive, isPadded } of tables[source].columns) {
      facts[`${source}.${name}`] = { kind, maxLength, isCaseInsensitive, isPadded };
    }
  }
  return facts;
}

/** A drawn id as the column takes it; undefined where the database counts it. */
function fitDrawn(value: NewValue, kind: ColumnInfo['kind'] | undefined): NewValue | undefined {
  const isDrawn = typeof value === 'object' && value !== null && 'random' in value;
  if (isDrawn && kind === 'integer') return undefined;
  return isDrawn && kind === 'uuid' ? { uuid: true } : value;
}
