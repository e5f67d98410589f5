// Lucia's sessions and its scrypt behind the smallest possible site, with the tables of Lucia's guide for MySQL:
// node lucia.js PORT DATABASE, the user in PEER_*.

import { createServer } from 'node:http';
import { Mysql2Adapter } from '@lucia-auth/adapter-mysql';
import { Lucia, Scrypt, generateId } from 'lucia';
import { createPool } from 'mysql2/promise';

const [port, database] = process.argv.slice(2);
const { PEER_NAME, PEER_EMAIL, PEER_PASSWORD } = process.env;

const pool = createPool(database);
const scrypt = new Scrypt();
const lucia = new Lucia(new Mysql2Adapter(pool, { user: 'user', session: 'user_session' }), {
  sessionCookie: { attributes: { secure: false } },
});

await pool.query(`create table user (
  id varchar(255) primary key, username varchar(64), email varchar(255) unique, password_hash varchar(255) not null)`);
await pool.query(`create table user_session (
  id varchar(255) primary key, expires_at datetime not null, user_id varchar(255) not null references user(id))`);
await pool.query('insert into user (id, username, email, password_hash) values (?)', [
  [generateId(15), PEER_NAME, PEER_EMAIL, await scrypt.hash(PEER_PASSWORD)],
]);

async function signIn(request, response) {
  const chunks = await request.toArray();
  const { email, password } = JSON.parse(Buffer.concat(chunks).toString());
  const [[user]] = await pool.query('select id, password_hash from user where email = ?', [email]);
  if (user === undefined || !(await scrypt.verify(user.password_hash, password)))
    return response.writeHead(401).end();
  const session = await lucia.createSession(user.id, {});
  response.setHeader('set-cookie', lucia.createSessionCookie(session.id).serialize());
  response.end();
}

async function showUser(request, response) {
  const id = lucia.readSessionCookie(request.headers.cookie ?? '');
  const { user } = id === null ? {} : await lucia.validateSession(id);
  response.writeHead(user ? 200 : 401).end();
}

createServer((request, response) => {
  const answer = request.method === 'POST' ? signIn : showUser;
  answer(request, response).catch((error) => response.writeHead(500).end(String(error)));
}).listen(Number(port), '127.0.0.1');
