// The program as tsc builds it, which dies just before it sends the n-th statement of this kind to this database.
import Client from 'knex/lib/client.js';
import { main } from '../../dist/cli/program/main.js';

const { database, sql, nth, after } = JSON.parse(process.env.KILL_BEFORE);
const wanted = new RegExp(sql, 'i');
const { query } = Client.prototype;
let seen = 0;
let hasBegun = after === undefined;

Client.prototype.query = function (connection, statement) {
  const { filename, database: name } = this.connectionSettings;
  const text = typeof statement === 'string' ? statement : statement.sql;
  if ((filename ?? name) === database) {
    if (hasBegun && wanted.test(text) && (seen += 1) === nth) process.kill(process.pid, 'SIGKILL');
    hasBegun ||= new RegExp(after, 'i').test(text);
  }
  return query.call(this, connection, statement);
};

process.exitCode = await main(process.argv.slice(2));
