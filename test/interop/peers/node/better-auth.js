// A Better Auth server with e-mail and password, on MySQL: node better-auth.js PORT DATABASE, the user in PEER_*.

import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { betterAuth } from 'better-auth';
import { twoFactor } from 'better-auth/plugins';
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
  plugins: [twoFactor()],
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
});

const { runMigrations } = await getMigrations(auth.options);
await runMigrations();
await auth.api.signUpEmail({ body: { name: PEER_NAME, email: PEER_EMAIL, password: PEER_PASSWORD } });

// A page as such a site has one, for its own redirectTo.
const form = (token) =>
  `<form method="post"><input type="hidden" name="token" value="${token}"><input type="password" name="newPassword"></form>`;

async function resetPage(request, response) {
  if (request.method === 'POST') {
    const { token, newPassword } = Object.fromEntries(new URLSearchParams(await text(request)));
    const done = await auth.api
      .resetPassword({ body: { token, newPassword } })
      .catch(({ message }) => ({ message }));
    response.end(done.message ?? 'Done.');
    return;
  }
  const { searchParams } = new URL(request.url, 'http://127.0.0.1');
  response
    .setHeader('content-type', 'text/html')
    .end(form(searchParams.get('token')?.replace(/\W/g, '') ?? ''));
}

const handler = toNodeHandler(auth);
createServer((request, response) =>
  request.url.startsWith('/reset-password') ? resetPage(request, response) : handler(request, response),
).listen(Number(port), '127.0.0.1');
