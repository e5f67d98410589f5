import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import type { App } from '../../app.ts';
import { connect, describeDatabase, type Db } from '../../db/connect.ts';
import { listTables } from '../../db/introspect.ts';
import { markMoving, migrateForMove, migrateUp, migrationStatus, unmarkMoving } from '../../db/migrate.ts';
import { closeJournal, openJournal, readJournal, setPhase } from '../../db/move/journal.ts';
import { ResetError } from '../../errors.ts';
import { plural } from '../../values/plural.ts';
import { assertIdle, assertSettled } from './assert-idle.ts';
import { copyTables, dropCopied, type Dropping, type Pair, type Step } from './copy-tables.ts';
import { describePlaces } from './migrate-database.ts';
import { DATA_TABLES, MIGRATION_TABLES } from './own-tables.ts';

export interface MoveOptions {
  /** URL of the database that has the tables now */
  readonly from: string;
  /** hears what has just been done, such as `copied reset_audit` */
  readonly step?: Step;
}

export interface MoveResult {
  /** where the tables were and are, in words */
  readonly from: string;
  readonly to: string;
  /** rows of each table that was compared and dropped in this run */
  readonly moved: Readonly<Record<string, number>>;
}

/** What of the app a move needs. */
type Target = Pick<App, 'ledger' | 'clock' | 'config' | 'isApart'>;

/**
 * Moves our own tables from another database to the ledger: copies them, compares both by count and digest while
 * nobody else can write, and only then drops the old ones. Every step can be the last one before a crash: the same
 * command goes on. Until the move has ended, no other command uses the ledger.
 *
 * @throws usage_invalid where something still uses the old tables, or the ledger has rows of its own; config_invalid
 * where there is nothing to move; migration_needed and database_unavailable as for every command
 */
export async function moveLedger(
  app: Target,
  { from, step = () => undefined }: MoveOptions,
): Promise<MoveResult> {
  const { ledger: target } = app;
  const places = { from: describeDatabase(from), to: describePlaces(app).place };
  const assertMovable = async (db: Knex): Promise<void> =>
    app.isApart ? undefined : assertSettled(db, places.from);
  const source = await connect(from);
  try {
    if (await isOverButClosed(target)) return await open(target, places);
    const old = await listTables(source);
    const data = DATA_TABLES.filter((table) => old.includes(table));
    const hasDropped = (await readJournal(target))?.phase === 'dropping' && data.length < DATA_TABLES.length;
    if (!hasDropped) await copyAll({ source, target }, { places, now: app.clock.now(), step, assertMovable });
    // What MySQL had dropped before a crash was compared before that.
    const tables = hasDropped ? data : DATA_TABLES;
    const others = MIGRATION_TABLES.filter((table) => old.includes(table));
    const isLeft = tables.length + others.length > 0;
    const dropping = { tables, others, step, assertMovable };
    const moved = isLeft ? await dropCopied({ source, target }, dropping) : {};
    await step('dropped everything');
    await closeJournal(target);
    await step('removed the journal');
    return { ...(await open(target, places)), moved };
  } finally {
    await source.destroy();
  }
}

/** The journal is there from before the ledger is closed to the others until after the old tables are gone. */
const isOverButClosed = async (target: Db): Promise<boolean> =>
  (await migrationStatus(target)).isMoving && (await readJournal(target)) === undefined;

async function open(target: Db, places: Setting['places']): Promise<MoveResult> {
  await unmarkMoving(target);
  return { ...places, moved: {} };
}

interface Setting {
  readonly places: Pick<MoveResult, 'from' | 'to'>;
  readonly now: number;
  readonly step: Step;
  readonly assertMovable: Dropping['assertMovable'];
}

async function copyAll(pair: Pair, { places, now, step, assertMovable }: Setting): Promise<void> {
  const { source, target } = pair;
  const { applied, pending } = await migrationStatus(source);
  if (applied.length === 0) throw nothingThere(places.from);
  if (pending.length > 0) await migrateUp(source);
  await assertIdle(source, now, places.from);
  await assertMovable(source);
  await step('looked at the old tables');
  if ((await begin(pair, places)) === 'begun') {
    await step('wrote the journal');
    await markMoving(target);
    await step('closed the ledger');
    await migrateForMove(target);
    await step('made the new tables');
    await assertEmpty(target, places.to);
  }
  await setPhase(target, 'copying');
  await step('began');
  await copyTables(pair, DATA_TABLES, step);
}

/** Writes the journal, which also tells whether both URLs lead to one database. Gives where the move stands. */
async function begin({ source, target }: Pair, { from, to }: Setting['places']): Promise<string> {
  await openJournal(target, randomBytes(16).toString('hex'));
  const [mine, seen] = [await readJournal(target), await readJournal(source)];
  if (mine === undefined || mine.token !== seen?.token) return mine?.phase ?? 'begun';
  await closeJournal(target);
  throw new ResetError(
    'usage_invalid',
    `There is nothing to move: ${from} and ${to} are one database. Set "ledger" to the new one first.`,
  );
}

/** What the ledger holds already would be mixed with what comes. */
async function assertEmpty(target: Db, place: string): Promise<void> {
  const held: string[] = [];
  for (const table of DATA_TABLES) {
    const [row] = (await target(table).count({ count: '*' })) as [{ count: number | string }];
    if (Number(row.count) > 0) held.push(`${plural(Number(row.count), 'row')} in ${table}`);
  }
  if (held.length === 0) return;
  await unmarkMoving(target);
  await closeJournal(target);
  throw new ResetError(
    'usage_invalid',
    `Nothing was moved: ${place} has been used already (${held.join(', ')}). Name an empty database as "ledger".`,
    { details: { reason: 'not_empty' } },
  );
}

const nothingThere = (place: string): ResetError =>
  new ResetError('config_invalid', `There are no reset tables in ${place}.`);
