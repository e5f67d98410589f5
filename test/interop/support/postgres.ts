import { randomBytes } from 'node:crypto';
import { connect } from '../../../src/db/connect.ts';

/** A database of one peer on the PostgreSQL server of TEST_PG_URL. */
export interface PostgresDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

const server = process.env['TEST_PG_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';

export async function createPostgresDatabase(): Promise<PostgresDatabase> {
  const name = `reset_interop_${randomBytes(6).toString('hex')}`;
  await administer(`create database ${name}`);
  const url = new URL(server);
  url.pathname = name;
  return { url: url.href, drop: () => administer(`drop database ${name} with (force)`) };
}

async function administer(sql: string): Promise<void> {
  const db = await connect(server);
  await db.raw(sql).finally(() => db.destroy());
}
