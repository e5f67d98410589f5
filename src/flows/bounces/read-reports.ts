import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { App } from '../../app.ts';
import { ResetError } from '../../errors.ts';
import { isBounce } from '../../mail/bounces/bounce.ts';
import { readBounces } from '../../mail/bounces/read-bounces.ts';
import { recordBounce, type BounceResult, type RecordedBounce } from './record-bounce.ts';

/** What became of one mail or event. */
export interface ReportLine extends Omit<RecordedBounce, 'result'> {
  readonly result: BounceResult | 'auto_reply' | 'other' | 'unreadable';
  /** the file that it was in */
  readonly file: string;
  readonly status?: string | null;
  readonly words?: string;
}

export type Stream = AsyncIterable<Buffer | string>;

/** Every report of a stream. It is read to its end, whatever it holds, so that a mail server sees its pipe emptied. */
export async function* readReports(app: App, stream: Stream, file: string): AsyncGenerator<ReportLine> {
  for await (const reported of readBounces(stream)) {
    if (!isBounce(reported)) yield { result: reported.none, file };
    else {
      const { status, words } = reported;
      yield { ...(await recordBounce(app, reported)), file, status, words };
    }
  }
}

/** Every report of a file, of a Maildir, or of the files of a folder. Throws usage_invalid. */
export async function* readReportFiles(app: App, path: string): AsyncGenerator<ReportLine> {
  for (const file of await filesOf(path)) {
    try {
      yield* readReports(app, createReadStream(file), file);
    } catch (error) {
      throw explain(file, error);
    }
  }
}

async function filesOf(path: string): Promise<readonly string[]> {
  const facts = await stat(path).catch((error: unknown) => {
    throw explain(path, error);
  });
  if (!facts.isDirectory()) return [path];
  const entries = await readdir(path, { withFileTypes: true });
  const isMaildir = entries.some((entry) => entry.isDirectory() && entry.name === 'cur');
  if (!isMaildir)
    return entries
      .filter((entry) => entry.isFile())
      .map(({ name }) => join(path, name))
      .sort();
  // tmp holds mails that are still being written.
  const both = await Promise.all(
    ['new', 'cur'].map(async (part) => {
      const names = await readdir(join(path, part)).catch(() => []);
      return names.filter((name) => !name.startsWith('.')).map((name) => join(path, part, name));
    }),
  );
  return both.flat().sort();
}

function explain(path: string, error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall === undefined || code === undefined) return error;
  return new ResetError('usage_invalid', `${path} can't be read (${code}).`, { cause: error });
}
