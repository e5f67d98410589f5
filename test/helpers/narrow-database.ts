import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { connect } from '../../src/db/connect.ts';
import { serverUrl } from './needs.ts';

/** A PostgreSQL database of another encoding than UTF-8, dropped with the test. Gives its URL. */
export async function makeNarrow(encoding: string): Promise<string> {
  const url = serverUrl('postgres') ?? '';
  const name = `reset_test_${randomBytes(6).toString('hex')}`;
  const administer = async (sql: string) => {
    const db = await connect(url);
    await db.raw(sql).finally(() => db.destroy());
  };
  await administer(
    `create database ${name} encoding '${encoding}' lc_collate 'C' lc_ctype 'C' template template0`,
  );
  onTestFinished(() => administer(`drop database ${name} with (force)`));
  const own = new URL(url);
  own.pathname = name;
  return own.href;
}
