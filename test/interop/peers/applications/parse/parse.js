// Parse Server on PostgreSQL, whose first user signs up: node parse.js PORT DATABASE, the user in PEER_*.

import { once } from 'node:events';
import http from 'node:http';
import { ParseServer } from 'parse-server';

const [port, database] = process.argv.slice(2);
const { PEER_NAME, PEER_EMAIL, PEER_PASSWORD } = process.env;

// A second port, at which it is set up: whoever sees the first one finds the user there.
const inside = http.createServer().listen(0, '127.0.0.1');
await once(inside, 'listening');
const serverURL = `http://127.0.0.1:${inside.address().port}/parse`;

const server = new ParseServer({
  databaseURI: database,
  appId: 'interop',
  masterKey: 'the master key of this site',
  serverURL,
  silent: true,
  logsFolder: null,
  cacheTTL: 1,
});
await server.start();
const app = (await import('express')).default();
app.use('/parse', server.app);
inside.on('request', app);

const { status } = await fetch(`${serverURL}/users`, {
  method: 'POST',
  headers: { 'content-type': 'application/json', 'x-parse-application-id': 'interop' },
  body: JSON.stringify({ username: PEER_NAME, email: PEER_EMAIL, password: PEER_PASSWORD }),
});
if (status !== 201) throw new Error(`Parse Server answers ${status}`);
await new Promise((resolve) => http.createServer(app).listen(Number(port), '127.0.0.1', resolve));
