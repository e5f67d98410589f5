import { join } from 'node:path';
import { inject } from 'vitest';
import { openBrowser, type Browser } from './browser.ts';
import { firstPassword } from './passwords.ts';
import { mailedLink, startWithMailbox, tokenIn } from './mailed-link.ts';
import { loginByAnswer, susan, type Application } from './peer.ts';
import { createPostgresDatabase } from './postgres.ts';
import { preparePeer } from './prepare-peer.ts';
import type { LinkingSite } from './prove-native.ts';
import { laterNode, startServer, waitUntil } from './process.ts';

const PATIENCE_S = 120;

const secretKey = 'the secret of this site, which is longer than thirty bytes';

/** n8n with its own set-up, whose first user is the owner, on PostgreSQL. */
export async function startN8n(): Promise<LinkingSite & { readonly secretKey: string }> {
  const site = await startWithMailbox(({ port }) => startMailing(port));
  const { origin } = site;
  return {
    ...site,
    secretKey,
    ownLink: () =>
      mailedLink(site, /http[^\s"<>]+change-password\?token=[\w.-]+&mfaEnabled=\w+/, () =>
        openBrowser(origin).postJson('/rest/forgot-password', { email: susan.email }),
      ),
    async takes(link, password) {
      const body = { token: tokenIn(link), password };
      return (await openBrowser(origin).postJson('/rest/change-password', body)).status === 200;
    },
  };
}

async function startMailing(mailPort: number): Promise<Application> {
  const { folder, database, port, origin, cleanUp } = await preparePeer('n8n', createPostgresDatabase);
  const server = new URL(database.url);
  const { stop } = await startServer({
    command: laterNode(),
    args: [join(String(inject('applications')['n8n']), 'node_modules/n8n/bin/n8n'), 'start'],
    env: {
      N8N_USER_FOLDER: folder,
      N8N_LISTEN_ADDRESS: '127.0.0.1',
      N8N_PORT: String(port),
      N8N_SECURE_COOKIE: 'false',
      N8N_USER_MANAGEMENT_JWT_SECRET: secretKey,
      N8N_EMAIL_MODE: 'smtp',
      N8N_SMTP_HOST: '127.0.0.1',
      N8N_SMTP_PORT: String(mailPort),
      N8N_SMTP_SSL: 'false',
      N8N_SMTP_STARTTLS: 'false',
      N8N_SMTP_SENDER: 'n8n <noreply@example.com>',
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
    setUp: () => setUp(origin),
    cleanUp,
  });
  const login = loginByAnswer(origin, { refused: 'Wrong username or password' }, (browser, password) =>
    browser.postJson('/rest/login', { emailOrLdapLoginId: susan.email, password }),
  );
  const isSignedIn = async (browser: Browser) => (await browser.get('/rest/login')).status === 200;
  return { origin, folder, database: database.url, ...login, isSignedIn, stop };
}

/** While it creates its tables, n8n answers everything with a sentence. */
async function setUp(origin: string): Promise<void> {
  const browser = openBrowser(origin);
  await waitUntil(async () => (await browser.get('/rest/settings')).text.startsWith('{'), PATIENCE_S);
  const owner = { email: susan.email, firstName: 'Susan', lastName: 'Miller', password: firstPassword };
  const { status, text } = await browser.postJson('/rest/owner/setup', owner);
  if (status !== 200) throw new Error(`n8n answers ${status} to its set-up: ${text}`);
}
