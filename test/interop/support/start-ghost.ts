import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inject } from 'vitest';
import { findFreePort } from '../../helpers/free-port.ts';
import { openBrowser } from './browser.ts';
import { createMysqlDatabase } from './mysql.ts';
import { firstPassword } from './passwords.ts';
import { loginBy, makePeerFolder, removing, susan, type Application } from './peer.ts';
import { laterNode, startServer } from './process.ts';

const PATIENCE_S = 120;

/** Ghost with its own set-up, whose first user is the owner, on MariaDB. */
export async function startGhost(): Promise<Application> {
  const folder = await makePeerFolder('ghost');
  const database = await createMysqlDatabase();
  const { hostname, port: dbPort, username, password: dbPassword } = new URL(database.url);
  const port = await findFreePort();
  const origin = `http://127.0.0.1:${port}`;
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
      mail__transport: 'Direct',
      // A new browser would have to type a code from a mail.
      security__staffDeviceVerification: 'false',
      spam__user_login__freeRetries: '1000',
      spam__global_block__freeRetries: '1000',
      privacy__useUpdateCheck: 'false',
      logging__transports: '["stdout"]',
    },
    probe: `${origin}/ghost/api/admin/site/`,
    startSeconds: PATIENCE_S,
    cleanUp: [database.drop, removing(folder)],
  });

  const tryToSignIn = async (password: string) => {
    const browser = openBrowser(origin);
    const answer = await browser.postJson('/ghost/api/admin/session/', { username: susan.email, password });
    if (answer.status === 201) return browser;
    if (answer.text.includes('PASSWORD_INCORRECT')) return undefined;
    throw new Error(`Ghost answers ${answer.status}: ${answer.text}`);
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
    isSignedIn: async (browser) => (await browser.get('/ghost/api/admin/users/me/')).status === 200,
    stop,
  };
}

/** While it creates its tables, Ghost answers 503. */
async function setUp(origin: string): Promise<void> {
  const browser = openBrowser(origin);
  for (let second = 0; (await browser.get('/ghost/api/admin/site/')).status === 503; second += 1) {
    if (second === PATIENCE_S) throw new Error('Ghost does not come up.');
    await sleep(1000);
  }
  const owner = { name: 'Susan', email: susan.email, password: firstPassword, blogTitle: 'Interop' };
  const { status, text } = await browser.postJson('/ghost/api/admin/authentication/setup/', {
    setup: [owner],
  });
  if (status !== 201) throw new Error(`Ghost answers ${status} to its set-up: ${text}`);
}
