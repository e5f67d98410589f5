import type { SingleBar } from 'cli-progress';
import type { BatchStatus } from '../../flows/batch/follow-batch.ts';
import type { Context } from '../command/context.ts';
import { again, left, progressLine, type ProgressFacts } from './progress-line.ts';

type Counts = BatchStatus['counts'];

export interface Progress {
  show(counts: Counts): void;
  end(): void;
}

/** One line per this interval where stderr is not a terminal. */
const LINE_MS = 5000;

/** A bar at a terminal, a line every few seconds elsewhere, nothing with --quiet or --json. `now` in milliseconds. */
export async function openProgress({ output, quiet }: Context, now: () => number): Promise<Progress> {
  if (quiet || output.isJson) return { show: () => undefined, end: () => undefined };
  return process.stderr.isTTY ? openBar(now) : openLines(output, now);
}

async function openBar(now: () => number): Promise<Progress> {
  const { default: cliProgress } = await import('cli-progress');
  const line = (_options: unknown, _params: unknown, { facts }: { facts: ProgressFacts }): string =>
    progressLine(facts, process.stderr.columns);
  const bar: SingleBar = new cliProgress.SingleBar({
    format: line,
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
  });
  const meter = createMeter(now);
  let isStarted = false;
  return {
    show(counts) {
      const facts = meter(counts);
      if (!isStarted) bar.start(facts.total, facts.done, { facts });
      isStarted = true;
      bar.update(facts.done, { facts });
    },
    end: () => {
      if (isStarted) bar.stop();
    },
  };
}

function openLines(output: Context['output'], now: () => number): Progress {
  const meter = createMeter(now);
  let toldAt = now();
  return {
    show(counts) {
      const facts = meter(counts);
      if (now() - toldAt < LINE_MS) return;
      toldAt = now();
      const { done, total, sent, failed, rate } = facts;
      const parts = [
        `sent ${sent}`,
        `failed ${failed}`,
        `${rate.toFixed(1)}/s`,
        ...left(facts, (time) => `${time} left`),
        ...again(facts),
      ];
      output.info(`${done} of ${total}: ${parts.join(', ')}`);
    },
    end: () => undefined,
  };
}

/** The rate is that of the last minute: what it was an hour ago says nothing about the time left. */
const WINDOW_MS = 60_000;

export function createMeter(now: () => number): (counts: Counts) => ProgressFacts {
  let samples: { readonly at: number; readonly done: number }[] = [];
  return ({ total, queued, claimed, skipped, sent, failed, unknown, bounced, ...waiting }) => {
    const { retrying, retryAt, later, laterAt } = waiting;
    const done = total - queued - claimed;
    const at = now();
    samples = [...samples.filter((sample) => at - sample.at <= WINDOW_MS), { at, done }];
    const [first = { at, done }] = samples;
    const rate = at > first.at ? ((done - first.done) * 1000) / (at - first.at) : 0;
    return {
      done: done - skipped,
      total: total - skipped,
      sent,
      failed: failed + unknown + bounced,
      rate,
      seconds: rate > 0 ? (queued + claimed - retrying - later) / rate : undefined,
      ...{ retrying, retryAt, later, laterAt },
    };
  };
}
