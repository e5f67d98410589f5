import type { App } from '../../app.ts';
import { describeUntransacted, findUntransacted } from '../../db/untransacted-tables.ts';
import { migrationStatus } from '../../db/migrate.ts';
import { bringForward, countAhead } from '../../outbox/dated-ahead.ts';
import { readOutboxHealth } from '../../outbox/read-outbox.ts';
import { migrateDatabase } from '../setup/migrate-database.ts';
import { plural } from '../../values/plural.ts';
import { OWN_TABLES } from './check-rights.ts';
import type { Finding } from './finding.ts';
import { failure, ok, warning } from './finding.ts';
import { programName } from '../../values/program-name.ts';

/** Are our own tables those of this release? */
export async function checkMigrations(app: App): Promise<Finding> {
  const { applied, pending, unknown, isMoving } = await migrationStatus(app.ledger);
  if (isMoving)
    return failure('tables_moving', "reset's tables are being moved here, and not all of them have arrived", {
      remedy: `${programName} migrate --move-from URL, with the same URL as before`,
    });
  if (unknown.length > 0) {
    const remedy = 'npm install --global resetctl';
    return failure('tables_newer', "a newer release than this one has migrated reset's tables", { remedy });
  }
  if (pending.length > 0) {
    return failure('tables_old', `reset's tables are missing or old: ${pending.join(', ')}`, {
      remedy: `${programName} migrate`,
      fix: { run: migrate, done: `applied ${pending.join(', ')}` },
    });
  }
  return ok('tables_current', `reset's tables are up to date (${applied.at(-1) ?? ''})`);
}

/**
 * Our tables are made with transactions, but a dump that was restored elsewhere, or an administrator, may have changed
 * that. A link is used only once because its use is undone together with whatever failed beside it.
 */
export async function checkEngines(app: App): Promise<Finding[]> {
  const found = await findUntransacted(
    app.ledger,
    OWN_TABLES.map(({ table }) => table),
  );
  if (found.length === 0) return [];
  const remedy = [...new Set(found.map(({ table }) => `alter table ${table} engine = InnoDB;`))].join('\n');
  const message = `${describeUntransacted(found)} cannot be rolled back: a reset that fails halfway would leave a used link, or a mail that nobody sends`;
  return [failure('tables_untransacted', message, { remedy })];
}

async function migrate(open: () => Promise<App>): Promise<void> {
  const app = await open();
  await migrateDatabase(app).finally(() => app.close());
}

const LATE_MS = 600_000;
const DAY_MS = 86_400_000;

/** Is anybody delivering the queued mails? Needs our tables. */
export async function checkOutbox(app: App): Promise<Finding[]> {
  const now = app.clock.now();
  const { overdueSince, waiting, paused, elsewhere, failed } = await readOutboxHealth(app.ledger, {
    now,
    failedSince: now - DAY_MS,
    takes: app.route.takes,
  });
  const lateMs = overdueSince === undefined ? 0 : now - overdueSince;
  return [
    lateMs > LATE_MS
      ? warning(
          'mails_late',
          `${plural(waiting, 'mail is', 'mails are')} waiting, the oldest for ${plural(Math.round(lateMs / 60_000), 'minute')}: nobody is delivering them`,
          {
            remedy: `${programName} worker, or ${programName} serve`,
          },
        )
      : ok(
          'mails_on_time',
          waiting > 0
            ? `${plural(waiting, 'mail is', 'mails are')} waiting, none for long`
            : `no mail is waiting${paused.size > 0 ? ', except for paused batches' : ''}`,
        ),
    ...describePaused(paused),
    ...describeElsewhere(elsewhere),
    ...(await checkDates(app, now)),
    ...(failed === 0
      ? []
      : [
          warning('mails_failed', `${plural(failed, 'mail')} failed in the last 24 hours`, {
            remedy: `${programName} status --since 24h`,
          }),
        ]),
  ];
}

/** A machine whose clock was ahead has queued mails, or died with them, so that nobody else takes them for hours. */
async function checkDates(app: App, now: number): Promise<Finding[]> {
  const { count, until } = await countAhead(app.ledger, now);
  if (count === 0) return [];
  const hours = Math.round((until - now) / 3_600_000);
  const remedy = `synchronise the clocks of all machines that send (timedatectl set-ntp true), then: ${programName} doctor --fix`;
  const message = `${plural(count, 'mail waits', 'mails wait')} for up to ${plural(hours, 'hour')}: the machine that queued or held them had a clock that was ahead`;
  return [
    warning('mails_ahead', message, {
      remedy,
      fix: { run: bringMailsForward, done: `${plural(count, 'mail')} can be sent now` },
    }),
  ];
}

async function bringMailsForward(open: () => Promise<App>): Promise<void> {
  const app = await open();
  await bringForward(app.ledger, app.clock.now()).finally(() => app.close());
}

/** They wait on purpose, until the operator resumes the batch. */
const describePaused = (paused: ReadonlyMap<string, number>): Finding[] =>
  [...paused].map(([batch, count]) =>
    ok('mails_paused', `the paused batch ${batch} holds ${plural(count, 'more mail')}`, {
      remedy: `${programName} batch resume ${batch}, or ${programName} batch cancel ${batch}`,
    }),
  );

/** No process with this setup sends them. */
const describeElsewhere = (elsewhere: ReadonlyMap<string, number>): Finding[] =>
  [...elsewhere].map(([server, count]) =>
    warning(
      'mails_elsewhere',
      `${plural(count, 'mail is', 'mails are')} waiting for another mail server, ${server}, which alone may send them`,
      {
        remedy: `${programName} worker --once --mail-url URL, with the URL of that server`,
      },
    ),
  );
