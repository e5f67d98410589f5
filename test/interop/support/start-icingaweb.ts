import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { connect } from '../../../src/db/connect.ts';
import { createMysqlDatabase } from './mysql.ts';
import { firstPassword } from './passwords.ts';
import { loginByAnswer, susan, type Application } from './peer.ts';
import { preparePeer } from './prepare-peer.ts';
import { startServer } from './process.ts';

const code = '/usr/share/icingaweb2';
const PATH = '/authentication/login';
const LOGIN = { accepted: 302, refused: 'Incorrect username or password' } as const;

/** Icinga Web 2 as Debian packages it, with its own tables on MariaDB; its users have a name and no address. */
export async function startIcingaWeb(): Promise<Application> {
  const { folder, database, port, origin, cleanUp } = await preparePeer('icingaweb', createMysqlDatabase);
  const configuration = join(folder, 'configuration');
  await mkdir(join(configuration, 'enabledModules'), { recursive: true });
  for (const [file, text] of Object.entries(settings(database.url, database.name)))
    await writeFile(join(configuration, file), text);
  await install(database.url);
  const { stop } = await startServer({
    command: 'php',
    args: [
      ...['-d', 'display_errors=0', '-d', `session.save_path=${folder}`],
      ...['-S', `127.0.0.1:${port}`, '-t', join(code, 'public'), join(code, 'public/index.php')],
    ],
    env: { ICINGAWEB_CONFIGDIR: configuration, ICINGAWEB_STORAGEDIR: folder },
    probe: `${origin}${PATH}`,
    cleanUp,
  });
  return {
    origin,
    folder,
    database: database.url,
    ...loginByAnswer(origin, LOGIN, async (browser, password) => {
      // Two answers only look whether a cookie stays.
      const { location: looking = '' } = await browser.get(PATH);
      const { location: back = '' } = await browser.get(looking);
      const CSRFToken = (await browser.get(back)).field('CSRFToken');
      const fields = { formUID: 'form_login', CSRFToken, username: susan.email, password };
      return browser.post(PATH, { ...fields, btn_submit: 'Login' });
    }),
    isSignedIn: async (browser) => (await browser.get('/account')).status === 200,
    stop,
  };
}

function settings(url: string, name: string): Readonly<Record<string, string>> {
  const { hostname, port, username, password } = new URL(url);
  return {
    'config.ini': '[global]\nconfig_resource = "own"\nconfig_backend = "db"\n',
    'authentication.ini': '[own]\nbackend = "db"\nresource = "own"\n',
    'resources.ini': `[own]
type = "db"
db = "mysql"
host = "${hostname}"
port = "${port || '3306'}"
dbname = "${name}"
username = "${decodeURIComponent(username)}"
password = "${decodeURIComponent(password)}"
charset = "utf8mb4"
`,
  };
}

/** Its set-up asks for everything in a browser; the tables and the user's row are what it makes of the answers. */
async function install(url: string): Promise<void> {
  const db = await connect(url);
  try {
    const schema = await readFile(join(code, 'schema/mysql.schema.sql'), 'utf8');
    for (const statement of schema.split(/;\s*$/m)) if (statement.trim() !== '') await db.raw(statement);
    // DbUserBackend::hashPassword
    const script = 'echo password_hash(stream_get_contents(STDIN), PASSWORD_DEFAULT);';
    const { stdout } = await execa('php', ['-r', script], { input: firstPassword });
    await db('icingaweb_user').insert({ name: susan.email, active: 1, password_hash: stdout });
  } finally {
    await db.destroy();
  }
}
