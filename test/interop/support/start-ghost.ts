import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import { openBrowser, type Browser } from './browser.ts';
import { createMysqlDatabase } from './mysql.ts';
import { firstPassword } from './passwords.ts';
import { mailedLink, startWithMailbox } from './mailed-link.ts';
import { loginByAnswer, susan, type Application } from './peer.ts';
import { preparePeer } from './prepare-peer.ts';
import type { LinkingSite } from './prove-native.ts';
import { laterNode, startServer, waitUntil } from './process.ts';

const PATIENCE_S = 120;

/** Ghost with its own set-up, whose first user is the owner, on MariaDB. */
export async function startGhost(): Promise<LinkingSite> {
  const site = await startWithMailbox(({ port }) => startMailing(port));
  const { origin } = site;
  return {
    ...site,
    ownLink: () =>
      mailedLink(site, /http[^\s"<>]+\/ghost\/reset\/[\w-]+\//, () =>
        openBrowser(origin).postJson(RESET, { password_reset: [{ email: susan.email }] }),
      ),
    async takes(link, password) {
      const token = new URL(link).pathname.split('/').at(-2);
      const body = { password_reset: [{ token, newPassword: password, ne2Password: password }] };
      return (await openBrowser(origin).putJson(RESET, body)).status === 200;
    },
  };
}

const RESET = '/ghost/api/admin/authentication/password_reset/';

async function startMailing(mailPort: number): Promise<Application> {
  const { folder, database, port, origin, cleanUp } = await preparePeer('ghost', createMysqlDatabase);
  const { hostname, port: dbPort, username, password: dbPassword } = new URL(database.url);
  const ghost = String(inject('applications')['ghost']);
  await cp(join(ghost, 'content'), join(folder, 'content'), { recursive: true });
  const { stop } = await startServer({
    command: laterNode(),
    args: ['index.js'],
    cwd: ghost,
    env: {
      NODE_ENV: 'production',
      url: origin,
      server__host: '127.0.0.1',
      server__port: String(port),
      database__client: 'mysql',
      database__connection__host: hostname,
      database__connection__port: dbPort || '3306',
      database__connection__user: decodeURIComponent(username),
      database__connection__password: decodeURIComponent(dbPassword),
      database__connection__database: database.name,
      paths__contentPath: join(folder, 'content'),
      mail__transport: 'SMTP',
      mail__from: 'Ghost <noreply@example.com>',
      mail__options__host: '127.0.0.1',
      mail__options__port: String(mailPort),
      // A new browser would have to type a code from a mail.
      security__staffDeviceVerification: 'false',
      spam__user_login__freeRetries: '1000',
      spam__global_block__freeRetries: '1000',
      privacy__useUpdateCheck: 'false',
      logging__transports: '["stdout"]',
    },
    probe: `${origin}/ghost/api/admin/site/`,
    startSeconds: PATIENCE_S,
    setUp: () => setUp(origin),
    cleanUp,
  });
  const login = loginByAnswer(origin, { accepted: 201, refused: 'PASSWORD_INCORRECT' }, (browser, password) =>
    browser.postJson('/ghost/api/admin/session/', { username: susan.email, password }),
  );
  const isSignedIn = async (browser: Browser) =>
    (await browser.get('/ghost/api/admin/users/me/')).status === 200;
  return { origin, folder, database: database.url, ...login, isSignedIn, stop };
}

/** While it creates its tables, Ghost answers 503. */
async function setUp(origin: string): Promise<void> {
  const browser = openBrowser(origin);
  await waitUntil(async () => (await browser.get('/ghost/api/admin/site/')).status !== 503, PATIENCE_S);
  const owner = { name: 'Susan', email: susan.email, password: firstPassword, blogTitle: 'Interop' };
  const { status, text } = await browser.postJson('/ghost/api/admin/authentication/setup/', {
    setup: [owner],
  });
  if (status !== 201) throw new Error(`Ghost answers ${status} to its set-up: ${text}`);
}
