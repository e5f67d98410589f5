import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../../app.ts';
import { ResetError } from '../../errors.ts';
import { EXIT } from '../terminal/exit.ts';
import { showBatch, type BatchOverview } from '../../flows/batch/follow-batch.ts';
import { localStamp } from '../../values/instant.ts';
import { programName } from '../../values/program-name.ts';
import type { Context } from '../command/context.ts';
import { openScreen } from '../terminal/screen.ts';
import { describeOutcomes } from './print-batch.ts';
import { createMeter } from './progress.ts';
import { progressLine } from './progress-line.ts';

const PAUSE_MS = 2000;

/** `reset batch show ID --watch`: until the batch has ended, or Ctrl-C. Delivers nothing itself. */
export async function watchBatch({ signal }: Context, app: App, id: string): Promise<number> {
  if (!process.stdout.isTTY)
    throw new ResetError(
      'usage_invalid',
      `--watch needs a terminal. Without one: ${programName} batch show ${id} --json`,
    );
  const screen = openScreen();
  const meter = createMeter(() => app.clock.now());
  for (;;) {
    const overview = await showBatch(app, id);
    screen.draw(linesOf(overview, progressLine(meter(overview.counts), process.stdout.columns || 80)));
    if (isOver(overview)) return EXIT.done;
    await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return EXIT.interrupted;
  }
}

const isOver = ({ batch, outcomes }: BatchOverview): boolean =>
  ['done', 'incomplete', 'cancelled'].includes(batch.state) && outcomes.open + outcomes.waiting === 0;

function linesOf({ batch, counts, outcomes }: BatchOverview, progress: string): string[] {
  const why = batch.pauseReason === null ? '' : ` (${batch.pauseReason})`;
  return [
    `${batch.id}  ${batch.state}${why}`,
    `${localStamp(batch.createdAt)}  ${batch.selection}`,
    '',
    progress,
    describeOutcomes(outcomes),
    ...Object.entries(counts.reasons).map(([reason, count]) => `  ${count} ${reason}`),
  ];
}
