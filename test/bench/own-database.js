import { connect, dialectOf } from '../../dist/db/connect.js';

/** A database of its own on that server, given as a URL and dropped afterwards. */
export async function withDatabase(url, work) {
  const name = `reset_bench_${process.pid}`;
  const server = await connect(url);
  await server.raw('create database ??', [name]);
  const own = new URL(url);
  own.pathname = name;
  try {
    return await work(own.href);
  } finally {
    // PostgreSQL refuses while somebody is connected; MariaDB does not, and knows no force.
    const force = dialectOf(server) === 'postgres' ? ' with (force)' : '';
    await server.raw(`drop database ??${force}`, [name]);
    await server.destroy();
  }
}
