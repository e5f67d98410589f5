import { join } from 'node:path';
import { execa } from 'execa';
import { inject } from 'vitest';
import { cleanEnvironment } from '../../helpers/run-reset.ts';
import { findFreePort } from '../../helpers/free-port.ts';
import { openBrowser } from './browser.ts';
import { firstPassword } from './passwords.ts';
import { loginBy, makePeerFolder, removing, susan, type Application } from './peer.ts';
import { createPostgresDatabase } from './postgres.ts';
import { laterNode, startServer, stopAll } from './process.ts';

/** Directus with its own `bootstrap`, its own first user and its own API, on PostgreSQL. */
export async function startDirectus(): Promise<Application> {
  const folder = await makePeerFolder('directus');
  const database = await createPostgresDatabase();
  const cleanUp = [database.drop, removing(folder)];
  const port = await findFreePort();
  const origin = `http://127.0.0.1:${port}`;
  const modules = join(String(inject('applications')['directus']), 'node_modules');
  const command = laterNode();
  const directus = join(modules, 'directus/cli.js');
  const env = {
    HOST: '127.0.0.1',
    PORT: String(port),
    PUBLIC_URL: origin,
    SECRET: 'the secret of this site, which is longer than thirty bytes',
    DB_CLIENT: 'pg',
    DB_CONNECTION_STRING: database.url,
    ADMIN_EMAIL: susan.email,
    ADMIN_PASSWORD: firstPassword,
    TELEMETRY: 'false',
    CONFIG_PATH: join(folder, '.env'),
    EXTENSIONS_PATH: join(folder, 'extensions'),
    STORAGE_LOCAL_ROOT: join(folder, 'uploads'),
  };
  await execa(command, [directus, 'bootstrap'], { env: cleanEnvironment(env), extendEnv: false }).catch(
    async (error: unknown) => {
      await stopAll(...cleanUp);
      throw error;
    },
  );
  const { stop } = await startServer({
    command,
    args: [directus, 'start'],
    env,
    probe: `${origin}/server/ping`,
    startSeconds: 60,
    cleanUp,
  });

  const tryToSignIn = async (password: string) => {
    const browser = openBrowser(origin);
    const answer = await browser.postJson('/auth/login', { email: susan.email, password, mode: 'session' });
    if (answer.status === 200) return browser;
    if (answer.text.includes('INVALID_CREDENTIALS')) return undefined;
    throw new Error(`Directus answers ${answer.status}: ${answer.text}`);
  };
  return {
    origin,
    folder,
    database: database.url,
    ...loginBy(tryToSignIn),
    isSignedIn: async (browser) => (await browser.get('/users/me')).text.includes(susan.email),
    stop,
  };
}
