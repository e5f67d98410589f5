import { expect } from 'vitest';
import type { App } from '../../../src/app.ts';
import type { Db } from '../../../src/db/connect.ts';
import { checkKnownPassword } from '../../../src/flows/passwords/check-known-password.ts';
import { runWorker } from '../../../src/flows/delivery/run-worker.ts';
import { sendReset } from '../../../src/flows/links/send-reset.ts';
import { findFormat } from '../../../src/passwords/find-format.ts';
import { transformPassword } from '../../../src/passwords/transform.ts';
import type { User } from '../../../src/types.ts';
import type { StepValue } from '../../../src/users/columns/rules.ts';
import { findUser } from '../../../src/users/reading/find-user.ts';
import type { UsersMapping } from '../../../src/users/mapping/index.ts';
import type { OnResetStep, Preset } from '../../../src/users/preset/preset.ts';
import type { TestDatabase } from '../../helpers/databases.ts';
import { exampleTable } from '../../helpers/example-tables.ts';
import { neighbourEmail } from '../../helpers/neighbour.ts';
import { oldPassword } from '../../helpers/old-hash.ts';
import { openPresetSite } from '../../helpers/preset-site.ts';
import { exampleOf } from '../../helpers/examples.ts';

const newPassword = `it's a "new" one, Käthe`;

type Row = Record<string, unknown>;
type Tables = ReadonlyMap<string, readonly Row[]>;

/** Mail, click, new password, sessions gone, notice. */
export async function expectWholeWay(database: TestDatabase, preset: Preset): Promise<void> {
  const site = await openPresetSite(database, preset);
  try {
    const { app, mailbox } = site;
    const mapping = await app.mapping();
    const susan = (await findUser(app.usersDb, mapping, { email: 'susan@example.com' }))!;
    const before = await readTables(app.usersDb, preset);

    const sent = await sendReset(app, {
      identifier: { email: 'SUSAN@example.com' },
      actor: app.operator,
      bucket: 'operator',
    });
    expect(sent).toMatchObject({ status: 'sent', email: 'susan@example.com', userId: susan.id });
    expect(await readTables(app.usersDb, preset), 'sending changes nothing').toEqual(before);

    const path = linkIn((await mailbox!.waitFor(1))[0]?.parsed.text);
    expect((await site.get(path)).statusCode).toBe(200);
    const fields = { password: newPassword, password2: newPassword };
    expect((await site.post(path, fields)).statusCode).toBe(303);
    expect((await site.post(path, fields)).statusCode, 'the link works once').toBe(410);
    expect(await app.ledger('reset_tokens').pluck('state')).toEqual(['used']);

    const after = await readTables(app.usersDb, preset);
    const gone = expectOnlySusanChanged(mapping, susan, before, after);
    const [audit] = (await app.ledger('reset_audit').where({ event: 'password_changed' })) as Row[];
    expect(JSON.parse(String(audit?.['details']))).toMatchObject({ sessionsEnded: gone });
    await expectPassword(app, preset, susan.id);

    await runWorker(app, { signal: new AbortController().signal, once: true });
    const [, notice] = await mailbox!.waitFor(2);
    expect(notice?.envelope.to).toEqual(['susan@example.com']);
    expect(notice?.parsed.text).not.toContain('/reset_password/');
  } finally {
    await site.close();
  }
}

const linkIn = (text = ''): string =>
  new URL(/https:\S+\/reset_password\/\S+/.exec(text)?.[0] ?? '').pathname;

/** The tables by their names in lower case, as are their columns: Mattermost's differ from database to database. */
async function readTables(db: Db, preset: Preset): Promise<Tables> {
  const tables = new Map<string, readonly Row[]>();
  for (const name of Object.keys(exampleOf(preset).tables)) {
    const rows = (await db(exampleTable(preset, name))) as Row[];
    tables.set(lower(name.replaceAll('{p}', preset.prefix ?? '')), rows.map(lowered));
  }
  return tables;
}

const lower = (name: string): string => name.toLowerCase();
const lowered = <T>(row: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(row).map(([column, value]) => [lower(column), value]));

/** Susan's stored hash takes the new password and no longer the old; Zoe's is the old one still. */
async function expectPassword(app: App, { passwordTransform = 'raw' }: Preset, id: string): Promise<void> {
  const mapping = await app.mapping();
  const { encoded } = (await findUser(app.usersDb, mapping, { id }))!;
  const format = findFormat((await checkKnownPassword(app, { id }, newPassword)).hashFormat);
  expect(await format.verify(transformPassword(oldPassword, passwordTransform), encoded!)).toBe(false);
  const zoe = (await findUser(app.usersDb, mapping, { email: neighbourEmail }))!;
  expect(zoe.encoded).not.toBe(encoded);
}

/** What a reset may do in one table of an example. */
interface Reach {
  /** columns by which a row is somebody's → Susan's value */
  readonly owner: ReadonlyMap<string, string>;
  /** columns that may be written in her rows */
  readonly columns: ReadonlySet<string>;
  readonly deletes: readonly Extract<OnResetStep, { delete: string }>[];
}

function reachOf(mapping: UsersMapping, susan: User, table: string): Reach {
  const owner = new Map<string, string>();
  const columns = new Set<string>();
  const home = lower(mapping.table);
  if (table === home) owner.set(lower(mapping.id), susan.id);
  if (table === home && mapping.changedAt !== undefined) columns.add(lower(mapping.changedAt));
  if (table === lower(mapping.passwordIn?.table ?? mapping.table)) {
    for (const column of Object.values(mapping.password)) columns.add(lower(column));
    if (mapping.passwordIn) owner.set(lower(mapping.passwordIn.foreign), susan.id);
  }
  for (const step of mapping.onReset) {
    if (!('set' in step) || lower(step.table ?? mapping.table) !== table) continue;
    for (const column of Object.keys(step.set)) columns.add(lower(column));
    for (const [column, value] of Object.entries(step.where ?? {})) {
      if (String(value).includes('{')) owner.set(lower(column), fill(value, susan));
    }
  }
  const deletes = mapping.onReset.filter((step) => 'delete' in step && lower(step.delete) === table);
  return { owner, columns, deletes: deletes as Reach['deletes'] };
}

const fill = (value: StepValue, { id, email, username }: User): string =>
  (typeof value === 'object' && value !== null ? '' : String(value))
    .replace('{id}', id)
    .replace('{email}', email)
    .replace('{username}', username ?? '');

/**
 * Every row that is not Susan's is unchanged; in hers, only the columns that the preset names differ (a second factor
 * is not one of them). Returns how many rows of session tables are gone.
 */
function expectOnlySusanChanged(mapping: UsersMapping, susan: User, before: Tables, after: Tables): number {
  let sessions = 0;
  for (const [table, rows] of before) {
    const { owner, columns, deletes } = reachOf(mapping, susan, table);
    const endOf = (row: Row) =>
      deletes.find(({ where }) =>
        Object.entries(lowered(where)).every(([column, value]) => String(row[column]) === fill(value, susan)),
      );
    const isHers = (row: Row) => [...owner].some(([column, value]) => String(row[column]) === value);
    const rest = (row: Row): Row =>
      isHers(row) ? Object.fromEntries(Object.entries(row).filter(([name]) => !columns.has(name))) : row;
    const expected = rows.filter((row) => !endOf(row)).map(rest);
    expect([table, sorted((after.get(table) ?? []).map(rest))]).toEqual([table, sorted(expected)]);
    sessions += rows.filter((row) => endOf(row)?.sessions).length;
  }
  return sessions;
}

const sorted = (rows: readonly Row[]): string[] => rows.map((row) => JSON.stringify(row)).sort();
