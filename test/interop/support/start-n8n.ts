import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inject } from 'vitest';
import { findFreePort } from '../../helpers/free-port.ts';
import { openBrowser } from './browser.ts';
import { firstPassword } from './passwords.ts';
import { loginBy, makePeerFolder, removing, susan, type Application } from './peer.ts';
import { createPostgresDatabase } from './postgres.ts';
import { laterNode, startServer } from './process.ts';

const PATIENCE_S = 120;

/** n8n with its own set-up, whose first user is the owner, on PostgreSQL. */
export async function startN8n(): Promise<Application> {
  const folder = await makePeerFolder('n8n');
  const database = await createPostgresDatabase();
  const server = new URL(database.url);
  const port = await findFreePort();
  const origin = `http://127.0.0.1:${port}`;
  const { stop } = await startServer({
    command: laterNode(),
    args: [join(String(inject('applications')['n8n']), 'node_modules/n8n/bin/n8n'), 'start'],
    env: {
      N8N_USER_FOLDER: folder,
      N8N_LISTEN_ADDRESS: '127.0.0.1',
      N8N_PORT: String(port),
      N8N_SECURE_COOKIE: 'false',
      N8N_DIAGNOSTICS_ENABLED: 'false',
      N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
      N8N_TEMPLATES_ENABLED: 'false',
      DB_TYPE: 'postgresdb',
      DB_POSTGRESDB_HOST: server.hostname,
      DB_POSTGRESDB_PORT: server.port || '5432',
      DB_POSTGRESDB_USER: decodeURIComponent(server.username),
      DB_POSTGRESDB_PASSWORD: decodeURIComponent(server.password),
      DB_POSTGRESDB_DATABASE: server.pathname.slice(1),
    },
    probe: `${origin}/healthz`,
    startSeconds: PATIENCE_S,
    cleanUp: [database.drop, removing(folder)],
  });

  const tryToSignIn = async (password: string) => {
    const browser = openBrowser(origin);
    const answer = await browser.postJson('/rest/login', { emailOrLdapLoginId: susan.email, password });
    if (answer.status === 200) return browser;
    if (answer.text.includes('Wrong username or password')) return undefined;
    throw new Error(`n8n answers ${answer.status}: ${answer.text}`);
  };
  await setUp(origin).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    origin,
    folder,
    database: database.url,
    ...loginBy(tryToSignIn),
    isSignedIn: async (browser) => (await browser.get('/rest/login')).status === 200,
    stop,
  };
}

/** While it creates its tables, n8n answers everything with a sentence. */
async function setUp(origin: string): Promise<void> {
  const browser = openBrowser(origin);
  for (let second = 0; !(await browser.get('/rest/settings')).text.startsWith('{'); second += 1) {
    if (second === PATIENCE_S) throw new Error('n8n does not come up.');
    await sleep(1000);
  }
  const owner = { email: susan.email, firstName: 'Susan', lastName: 'Miller', password: firstPassword };
  const { status, text } = await browser.postJson('/rest/owner/setup', owner);
  if (status !== 200) throw new Error(`n8n answers ${status} to its set-up: ${text}`);
}
