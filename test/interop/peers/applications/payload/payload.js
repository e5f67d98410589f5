// Payload's REST API with two collections of people, and its own tables on PostgreSQL:
// node payload.js PORT DATABASE, the user (in both collections) in PEER_*. /own_mail shows the last mail.

import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { postgresAdapter } from '@payloadcms/db-postgres';
import { buildConfig, getPayload, handleEndpoints } from 'payload';

const [port, connectionString] = process.argv.slice(2);
const { PEER_SECRET, PEER_EMAIL, PEER_PASSWORD } = process.env;
const origin = `http://127.0.0.1:${port}`;

// Five wrong passwords would lock the user, and a second mail would have to wait; the tests try more.
const auth = { maxLoginAttempts: 0, forgotPassword: { minRequestInterval: 0 } };
const collection = (slug) => ({ slug, auth, fields: [] });

let ownMail = '';
const email = () => ({
  name: 'own-mail',
  defaultFromAddress: 'noreply@example.com',
  defaultFromName: 'Example',
  async sendEmail({ html }) {
    ownMail = html;
  },
});

const config = await buildConfig({
  secret: PEER_SECRET,
  serverURL: origin,
  collections: [collection('users'), collection('customers')],
  email,
  db: postgresAdapter({ pool: { connectionString }, push: true }),
  telemetry: false,
  // What a developer's site writes in processes of their own, which outlive it here.
  typescript: { autoGenerate: false },
  admin: { importMap: { autoGenerate: false } },
});
const payload = await getPayload({ config });

// The users come in another order, so that the same id is another person in each collection.
const people = [PEER_EMAIL, 'another@example.com'];
const create = (slug, email) =>
  payload.create({ collection: slug, data: { email, password: PEER_PASSWORD } });
for (const email of people) await create('users', email);
for (const email of people.toReversed()) await create('customers', email);

createServer((incoming, outgoing) => {
  answer(incoming, outgoing).catch((error) => outgoing.writeHead(500).end(String(error)));
}).listen(Number(port), '127.0.0.1');

async function answer(incoming, outgoing) {
  const { method, headers, url } = incoming;
  if (url === '/own_mail') return outgoing.end(ownMail);
  const body = method === 'POST' ? { body: Readable.toWeb(incoming), duplex: 'half' } : {};
  const request = new Request(new URL(url, origin), { method, headers: new Headers(headers), ...body });
  const response = await handleEndpoints({ config, request });
  outgoing.writeHead(response.status, [...response.headers].flat());
  outgoing.end(Buffer.from(await response.arrayBuffer()));
}
