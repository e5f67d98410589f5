import { connect } from '../../dist/db/connect.js';

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
    await server.raw('drop database ?? with (force)', [name]);
    await server.destroy();
  }
}
