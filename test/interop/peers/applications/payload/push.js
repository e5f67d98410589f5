// Payload's schema push, as it runs when a developer starts the application:
// node push.js DATABASE, a field that the tables lack in PEER_FIELD, PEER_PUSH=false to leave them alone.

import { postgresAdapter } from '@payloadcms/db-postgres';
import { buildConfig, getPayload } from 'payload';

const { PEER_FIELD, PEER_PUSH } = process.env;
const fields = PEER_FIELD ? [{ name: PEER_FIELD, type: 'text' }] : [];
const config = await buildConfig({
  secret: 'the secret of this site, long enough for its sessions',
  collections: [{ slug: 'users', auth: true, fields }],
  db: postgresAdapter({ pool: { connectionString: process.argv[2] }, push: PEER_PUSH !== 'false' }),
  telemetry: false,
  // What a developer's site writes in processes of their own, which outlive it here.
  typescript: { autoGenerate: false },
  admin: { importMap: { autoGenerate: false } },
});
await getPayload({ config });
console.log('ready');
process.exit(0);
