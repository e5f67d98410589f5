// A Better Auth server with e-mail and password, on MySQL: node better-auth.js PORT DATABASE, the user in PEER_*.

import { createServer } from 'node:http';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import { createPool } from 'mysql2/promise';

const [port, database] = process.argv.slice(2);
const { PEER_SECRET, PEER_NAME, PEER_EMAIL, PEER_PASSWORD } = process.env;

const auth = betterAuth({
  baseURL: `http://127.0.0.1:${port}`,
  secret: PEER_SECRET,
  database: createPool({ uri: database, timezone: 'Z' }),
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
});

const { runMigrations } = await getMigrations(auth.options);
await runMigrations();
await auth.api.signUpEmail({ body: { name: PEER_NAME, email: PEER_EMAIL, password: PEER_PASSWORD } });

createServer(toNodeHandler(auth)).listen(Number(port), '127.0.0.1');
