import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { connect, type Db } from '../../src/db/connect.ts';
import { makeBatchSite, type BatchSite } from './batch-site.ts';
import { makeFolder } from './run-reset.ts';
import { startSink, type Sink, type SinkOptions } from './sink.ts';

/** A site with users in SQLite, and a mail server that keeps what it gets. */
export interface Scene {
  readonly site: BatchSite;
  readonly sink: Sink;
  readonly db: Db;
  readonly write: (name: string, text: string) => Promise<string>;
}

export async function makeScene(
  users: number,
  options: SinkOptions = {},
  config: Record<string, unknown> = {},
): Promise<Scene> {
  const folder = await makeFolder();
  const url = `sqlite:${join(folder, 'app.db')}`;
  const db = await connect(url, { mayCreate: true });
  const sink = await startSink({ keepsRaw: true, ...options });
  const site = await makeBatchSite({ db, url, mailUrl: sink.url, users, config });
  onTestFinished(async () => {
    await db.destroy();
    await sink.close();
    await site.remove();
  });
  const write = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  return { site, sink, db, write };
}
