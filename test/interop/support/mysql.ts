import { randomBytes } from 'node:crypto';
import { connect } from '../../../src/db/connect.ts';

/** A database of one peer on the MariaDB or MySQL server of TEST_MYSQL_URL. */
export interface MysqlDatabase {
  readonly url: string;
  readonly name: string;
  drop(): Promise<void>;
}

const server = process.env['TEST_MYSQL_URL'] ?? 'mysql://root@127.0.0.1:3306/test';

export async function createMysqlDatabase(): Promise<MysqlDatabase> {
  const name = `reset_interop_${randomBytes(6).toString('hex')}`;
  await administer(`create database ${name} character set utf8mb4`);
  const url = new URL(server);
  url.pathname = name;
  return { url: url.href, name, drop: () => administer(`drop database ${name}`) };
}

async function administer(sql: string): Promise<void> {
  const db = await connect(server);
  await db.raw(sql).finally(() => db.destroy());
}
