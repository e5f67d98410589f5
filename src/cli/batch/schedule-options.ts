import type { App } from '../../app.ts';
import type { BatchStatus } from '../../flows/batch/follow-batch.ts';
import type { Batch } from '../../flows/batch/plan-batch.ts';
import type { Schedule } from '../../flows/batch/schedule-mails.ts';
import { minuteOf } from '../../render/zoned-time.ts';
import { parseDayWindow, writeDayWindow } from '../../values/day-window.ts';
import { toIso } from '../../values/instant.ts';
import { plural } from '../../values/plural.ts';
import { parsePointInTime } from '../../values/point-in-time.ts';
import { programName } from '../../values/program-name.ts';
import type { Context } from '../command/context.ts';

interface Given {
  readonly at?: string;
  readonly between?: string;
}

/** `--at` and `--between`. Throws usage_invalid. */
export function scheduleFrom({ at, between }: Given, app: App): Schedule {
  const { timeZone } = app.config;
  return {
    startsAt: at === undefined ? undefined : parsePointInTime(at, timeZone, app.clock.now()),
    dayWindow: between === undefined ? undefined : writeDayWindow(parseDayWindow(between)),
  };
}

/** When the mails of a batch may go, in words; empty for one without a time. */
export function describeSchedule(batch: Batch): string[] {
  const { startsAt, dayWindow, zonesUnknown } = batch;
  const zone = batch.timeZone ?? 'UTC';
  const whose = zonesUnknown === null ? zone : `each person's time zone; where there is none, in ${zone}`;
  return [
    ...(startsAt === null ? [] : [`mails go from ${minuteOf(startsAt, zone)} on (${zone})`]),
    ...(dayWindow === null ? [] : [`mails go between ${dayWindow.replace('-', ' and ')} in ${whose}`]),
    ...(zonesUnknown === null || zonesUnknown === 0
      ? []
      : [
          `${plural(zonesUnknown, 'person has', 'people have')} a time zone that is not known: ${zone} is used`,
        ]),
  ];
}

/** The same for scripts. */
export const scheduleRow = ({ startsAt, dayWindow, timeZone, zonesUnknown }: Batch) => ({
  ...(startsAt === null ? {} : { startsAt: toIso(startsAt) }),
  ...(dayWindow === null ? {} : { between: dayWindow, timeZone }),
  ...(zonesUnknown === null ? {} : { zonesUnknown }),
});

/** Nobody waits at a terminal for tomorrow: a worker sends it. */
export const isForLater = ({ startsAt, state }: Batch, now: number): boolean =>
  startsAt !== null && state === 'running' && startsAt > now + 60_000;

export function printScheduled({ output }: Context, { batch, counts }: BatchStatus): void {
  output.result(
    {
      batch: batch.id,
      total: counts.total,
      queued: counts.queued,
      skipped: counts.skipped,
      ...scheduleRow(batch),
    },
    [
      `batch ${batch.id}: ${plural(counts.queued, 'mail')} scheduled`,
      ...describeSchedule(batch).map((line) => `  ${line}`),
    ],
    'ok',
  );
  output.info([
    `A worker sends them, so one has to run then: ${programName} worker, or ${programName} serve.`,
    `To stop it: ${programName} batch pause ${batch.id}, or ${programName} batch cancel ${batch.id}`,
  ]);
}
