import { join } from 'node:path';
import { execa } from 'execa';
import { inject } from 'vitest';
import { cleanEnvironment } from '../../helpers/run-reset.ts';
import { firstPassword } from './passwords.ts';
import { openBrowser } from './browser.ts';
import { mailedLink, startWithMailbox, tokenIn } from './mailed-link.ts';
import { loginByAnswer, susan, type Application } from './peer.ts';
import { createPostgresDatabase } from './postgres.ts';
import { preparePeer } from './prepare-peer.ts';
import type { LinkingSite } from './prove-native.ts';
import { laterNode, startServer, stopAfter, stopAll } from './process.ts';

const secretKey = 'the secret of this site, which is longer than thirty bytes';

/** Directus with its own `bootstrap`, its own first user and its own API, on PostgreSQL. */
export const startDirectus = async (): Promise<LinkingSite & { readonly secretKey: string }> => {
  const site = await startWithMailbox(({ port }) => startMailing(port));
  const { origin } = site;
  return {
    ...site,
    secretKey,
    ownLink: () =>
      mailedLink(site, /http\S+reset-password\?token=[\w.-]+/, () =>
        openBrowser(origin).postJson('/auth/password/request', { email: susan.email }),
      ),
    async takes(link, password) {
      const body = { token: tokenIn(link), password };
      return (await openBrowser(origin).postJson('/auth/password/reset', body)).status === 204;
    },
  };
};

async function startMailing(mailPort: number): Promise<Application> {
  const { folder, database, port, origin, cleanUp } = await preparePeer('directus', createPostgresDatabase);
  const modules = join(String(inject('applications')['directus']), 'node_modules');
  const command = laterNode();
  const directus = join(modules, 'directus/cli.js');
  const env = {
    HOST: '127.0.0.1',
    PORT: String(port),
    PUBLIC_URL: origin,
    SECRET: secretKey,
    EMAIL_TRANSPORT: 'smtp',
    EMAIL_SMTP_HOST: '127.0.0.1',
    EMAIL_SMTP_PORT: String(mailPort),
    EMAIL_SMTP_SECURE: 'false',
    EMAIL_VERIFY_SETUP: 'false',
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
    (error: unknown) => stopAfter(error, () => stopAll(...cleanUp)),
  );
  const { stop } = await startServer({
    command,
    args: [directus, 'start'],
    env,
    probe: `${origin}/server/ping`,
    startSeconds: 60,
    cleanUp,
  });

  const login = loginByAnswer(origin, { refused: 'INVALID_CREDENTIALS' }, (browser, password) =>
    browser.postJson('/auth/login', { email: susan.email, password, mode: 'session' }),
  );
  return {
    origin,
    folder,
    database: database.url,
    ...login,
    isSignedIn: async (browser) => (await browser.get('/users/me')).text.includes(susan.email),
    stop,
  };
}
