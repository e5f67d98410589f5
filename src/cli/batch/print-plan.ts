import type { App } from '../../app.ts';
import type { Surviving } from '../../flows/access/surviving.ts';
import type { Batch, Plan } from '../../flows/batch/plan-batch.ts';
import { readRecipients } from '../../flows/batch/manage-batches.ts';
import { sampleMails } from '../../flows/batch/sample-mails.ts';
import { plural } from '../../values/plural.ts';
import type { Context } from '../command/context.ts';
import { openingKinds, survivingText } from '../person/surviving-lines.ts';
import { describeDuration } from './progress-line.ts';
import { describeSchedule, scheduleRow } from './schedule-options.ts';
import { explainReason } from '../../flows/batch/skip-reasons.ts';

const SAMPLES = 3;
/** Skipped ones that a terminal lists; --json lists all. */
const LISTED = 50;

/** Lines that name nobody: they are listed with their numbers, as what stops the batch, or counted. */
const OF_LINES: ReadonlySet<string> = new Set(['user_not_found', 'line_mismatch']);

/** What else a plan says than how many get a mail. */
export interface Consequences {
  /** passwords that are locked first */
  readonly locks: number;
  /** what stays in place for some */
  readonly surviving: readonly Surviving[];
}

/** The plan in a few lines: how many, who not and why, how fast. */
export function planLines({ batch, counts }: Plan, { locks, surviving }: Consequences): string[] {
  const reasons = Object.entries(counts.reasons).map(
    ([reason, count]) => `  skipped ${count}: ${explainReason(reason)}`,
  );
  const { total, queued, skipped } = counts;
  const pace =
    batch.rate === null || queued === 0
      ? ''
      : `, at ${batch.rate}/s, which takes ${describeDuration(queued / batch.rate)}`;
  const mailed = `${queued} ${queued === 1 ? 'gets a mail' : 'get a mail'}${pace}`;
  const left = skipped === 0 ? '' : `; ${skipped} ${skipped === 1 ? 'is' : 'are'} skipped`;
  return [
    `${plural(total, 'person', 'people')} chosen: ${mailed}${left}.`,
    ...reasons,
    ...(batch.isLocking
      ? [`  ${plural(locks, 'password is', 'passwords are')} locked first${endsText(batch.ends)}`]
      : []),
    ...survivingText(surviving).map((line) => `  ${line}`),
    ...wayOut(batch, surviving),
    ...(batch.redirectTo === null
      ? []
      : [`  every mail goes to ${batch.redirectTo} instead, with a link that does nothing`]),
    ...describeSchedule(batch).map((line) => `  ${line}`),
  ];
}

/** What a lock ends besides; second factors protect the account, and stay unless they are named. */
function endsText(ends: string | null): string {
  const kinds = (ends ?? '').split(',').filter((kind) => kind !== '');
  const stays = kinds.some((kind) => FACTORS.has(kind)) ? '' : '; second factors stay';
  return kinds.length === 0 ? '' : `; with them end: ${kinds.join(', ')}${stays}`;
}

/** What `--lock` would also end. */
function wayOut({ isLocking }: Pick<Batch, 'isLocking'>, surviving: readonly Surviving[]): string[] {
  const kinds = isLocking ? [] : openingKinds(surviving).filter((kind) => !FACTORS.has(kind));
  return kinds.length === 0 ? [] : [`    to end ${kinds.join(', ')} with the old passwords: --lock`];
}

const FACTORS: ReadonlySet<string> = new Set(['totp', 'sms', 'recovery-codes', 'passkey']);

/** What `--dry-run` prints on stdout. */
export async function printDryRun(
  context: Context,
  app: App,
  plan: Plan,
  consequences: Consequences,
): Promise<void> {
  const { output } = context;
  const { batch, counts } = plan;
  const samples = counts.queued === 0 ? [] : await sampleMails(app, batch, output.isJson ? SAMPLES : 1);
  await printRows(context, app, plan, output.isJson ? undefined : 'skipped');
  if (!output.isJson) {
    for (const { email, subject, text } of samples) {
      output.result({}, [`--- sample, to ${email}`, `Subject: ${subject}`, '', ...text.split('\n'), '']);
    }
    for (const line of planLines(plan, consequences)) output.result({}, line);
  } else {
    output.result({ ...totalsOf(plan, consequences), samples }, '');
  }
}

/** For scripts: the last line. */
function totalsOf({ batch, counts }: Plan, { locks, surviving }: Consequences) {
  const { total, queued, skipped, reasons } = counts;
  return {
    batch: null,
    total,
    planned: queued,
    sent: 0,
    skipped,
    failed: 0,
    unknown: 0,
    reasons,
    ...(batch.isLocking
      ? { locked: locks, ends: batch.ends === null ? [] : batch.ends.split(',').filter(Boolean) }
      : {}),
    survives: surviving,
    rate: batch.rate,
    ...scheduleRow(batch),
    seconds: batch.rate === null ? null : Math.ceil(queued / batch.rate),
  };
}

async function printRows(
  { output }: Context,
  app: App,
  { batch }: Plan,
  status: string | undefined,
): Promise<void> {
  let listed = 0;
  for await (const { email, id, status: state, reason, reply } of readRecipients(app, batch.id, status)) {
    if (!output.isJson && OF_LINES.has(reason ?? '')) continue;
    listed += 1;
    if (!output.isJson && listed > LISTED) {
      output.result({}, '… and more: list all with --json');
      return;
    }
    const row = {
      email,
      userId: id === '' ? null : id,
      status: state === 'queued' ? 'planned' : state,
      ...(reason === null ? {} : { reason }),
      ...(reason === 'suppressed' && reply !== null ? { reply } : {}),
    };
    const why = 'reply' in row ? `${reason ?? ''}: ${reply ?? ''}` : (reason ?? '');
    output.result(row, `${row.status} ${nameOf(id, email)} (${why})`, 'warn');
  }
}

/** The address, and the id where there is none. */
const nameOf = (id: string, email: string | null): string =>
  email === null || email === '' ? `id ${id}` : email;
