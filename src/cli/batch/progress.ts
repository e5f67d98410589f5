import type { SingleBar } from 'cli-progress';
import type { BatchStatus } from '../../flows/batch/follow-batch.ts';
import type { Context } from '../context.ts';

type Counts = BatchStatus['counts'];

export interface Progress {
  show(counts: Counts): void;
  end(): void;
}

/** Lines at this distance where stderr is no terminal. */
const LINE_MS = 5000;

/** A bar at a terminal, a line every few seconds elsewhere, nothing with --quiet or --json. `now` in milliseconds. */
export async function openProgress({ output, quiet }: Context, now: () => number): Promise<Progress> {
  if (quiet || output.isJson) return { show: () => undefined, end: () => undefined };
  return process.stderr.isTTY ? openBar(now) : openLines(output, now);
}

async function openBar(now: () => number): Promise<Progress> {
  const { default: cliProgress } = await import('cli-progress');
  const bar: SingleBar = new cliProgress.SingleBar({
    format: '{bar} {percentage}%  sent {sent}  failed {failed}  {rate}/s  {left} left',
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
  });
  const meter = createMeter(now);
  let isStarted = false;
  return {
    show(counts) {
      const { done, total, ...told } = meter(counts);
      if (!isStarted) bar.start(total, done, told);
      isStarted = true;
      bar.update(done, told);
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
      const { done, total, sent, failed, rate, left } = meter(counts);
      if (now() - toldAt < LINE_MS) return;
      toldAt = now();
      output.info(`${done} of ${total}: sent ${sent}, failed ${failed}, ${rate}/s, ${left} left`);
    },
    end: () => undefined,
  };
}

function createMeter(now: () => number) {
  let first: { readonly at: number; readonly done: number } | undefined;
  return ({ total, queued, claimed, skipped, sent, failed, unknown }: Counts) => {
    const done = total - queued - claimed;
    first ??= { at: now(), done };
    const seconds = (now() - first.at) / 1000;
    const rate = seconds > 0 ? (done - first.done) / seconds : 0;
    const left = rate > 0 ? tellDuration((queued + claimed) / rate) : '?';
    return {
      done: done - skipped,
      total: total - skipped,
      sent,
      failed: failed + unknown,
      rate: rate.toFixed(1),
      left,
    };
  };
}

/** 5400 → `1 h 30 min`. */
export function tellDuration(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
