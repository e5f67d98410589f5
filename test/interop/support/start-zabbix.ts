import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { openBrowser } from './browser.ts';
import { firstPassword } from './passwords.ts';
import { loginByForm, susan, type Application } from './peer.ts';
import { createPostgresDatabase } from './postgres.ts';
import { preparePeer } from './prepare-peer.ts';
import { startPhp } from './start-php.ts';

const schemas = '/usr/share/zabbix-server-pgsql';

/** Zabbix' frontend as Debian packages it, with the tables and the data of its server's package on PostgreSQL. */
export async function startZabbix(): Promise<Application> {
  const { folder, database, port, origin, cleanUp } = await preparePeer('zabbix', createPostgresDatabase);
  const { stop } = await startPhp({
    folder,
    port,
    code: '/usr/share/zabbix',
    without: ['conf/COPYING'],
    configure: (copy) => configure(copy, database.url),
    probe: '/favicon.ico',
    setUp: () => install(database.url, origin),
    cleanUp,
  });
  return {
    origin,
    folder,
    database: database.url,
    ...loginByForm(origin, {
      path: '/index.php',
      fields: (password) => ({ name: susan.name, password, enter: 'Sign in' }),
      refusal: 'Incorrect user name or password',
    }),
    isSignedIn: async (browser) =>
      (await browser.get('/zabbix.php?action=userprofile.edit')).text.includes('User profile: susan'),
    stop,
  };
}

/** Debian's package names one file for all of the machine. */
async function configure(copy: string, url: string): Promise<void> {
  const own = join(copy, 'conf/zabbix.conf.php');
  await writeFile(own, configuration(url));
  const reader = join(copy, 'include/classes/core/CConfigFile.php');
  const source = await readFile(reader, 'utf8');
  await writeFile(reader, source.replace('/etc/zabbix/zabbix.conf.php', own));
}

function configuration(url: string): string {
  const { hostname, port, username, password, pathname } = new URL(url);
  const settings = {
    TYPE: 'POSTGRESQL',
    SERVER: hostname,
    PORT: port || '5432',
    DATABASE: pathname.slice(1),
    USER: decodeURIComponent(username),
    PASSWORD: decodeURIComponent(password),
    SCHEMA: '',
    DOUBLE_IEEE754: true,
  };
  const lines = Object.entries(settings).map(([key, value]) => `$DB['${key}'] = ${JSON.stringify(value)};`);
  return `<?php\n${lines.join('\n')}\n$IMAGE_FORMAT_DEFAULT = IMAGE_FORMAT_PNG;\n`;
}

/** Its administrator adds Susan by the API; 1 is the media type Email, 7 the group of the administrators. */
async function install(url: string, origin: string): Promise<void> {
  const load = `for each in schema images data; do zcat ${schemas}/$each.sql.gz; done | psql -qXv ON_ERROR_STOP=1 "$0"`;
  await execa('bash', ['-o', 'pipefail', '-c', load, url], {
    env: { PGOPTIONS: '-c synchronous_commit=off' },
  });
  const api = openBrowser(origin);
  const call = async <T>(method: string, params: object, auth: string | null = null): Promise<T> => {
    const body = { jsonrpc: '2.0', id: 1, method, params, auth };
    const { text } = await api.postJson('/api_jsonrpc.php', body);
    const { result } = JSON.parse(text) as { result?: T };
    if (result === undefined) throw new Error(`Zabbix answers to ${method}: ${text}`);
    return result;
  };
  const auth = await call<string>('user.login', { user: 'Admin', password: 'zabbix' });
  const medias = [{ mediatypeid: '1', sendto: [susan.email] }];
  const user = {
    username: susan.name,
    passwd: firstPassword,
    roleid: '3',
    usrgrps: [{ usrgrpid: '7' }],
    medias,
  };
  await call('user.create', user, auth);
}
