import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { connect as connectTo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { execa } from 'execa';
import { cleanEnvironment } from '../../helpers/run-reset.ts';
import { findFreePort } from '../../helpers/free-port.ts';
import { findProgram } from '../../helpers/find-program.ts';
import { startChildServer } from '../../helpers/child-server.ts';
import { openBrowser } from './browser.ts';
import { firstPassword } from './passwords.ts';
import { loginByForm, makePeerFolder, removing, susan, type Application } from './peer.ts';
import { stopAfter, stopAll } from './process.ts';
import { startPhp } from './start-php.ts';

/** PostfixAdmin as Debian packages it, on SQLite, and Dovecot's IMAP over its mailboxes: both must agree. */
export async function startPostfixAdmin(): Promise<Application> {
  const folder = await makePeerFolder('postfixadmin');
  // Dovecot does not look into the table as root.
  await chmod(folder, 0o755);
  const port = await findFreePort();
  const origin = `http://127.0.0.1:${port}`;
  const file = join(folder, 'postfixadmin.db');
  const web = await startPhp({
    folder,
    port,
    code: '/usr/share/postfixadmin',
    root: 'public',
    without: ['config.local.php'],
    configure: (copy) => configure(copy, file),
    probe: '/css/default.css',
    setUp: (copy) => install(copy, origin),
    cleanUp: [removing(folder)],
  });
  await chmod(file, 0o644);
  const mail = await startDovecot(folder, file).catch((error: unknown) => stopAfter(error, web.stop));
  const login = loginByForm(origin, {
    path: '/users/login.php',
    token: 'token',
    fields: (password) => ({ fUsername: susan.email, fPassword: password, lang: 'en' }),
    refusal: 'Your email address or password is not correct.',
  });
  return {
    origin,
    folder,
    database: `sqlite:${file}`,
    signIn: login.signIn,
    async accepts(password) {
      const [page, imap] = [await login.accepts(password), await mail.accepts(password)];
      if (page !== imap) throw new Error(`PostfixAdmin says ${page}, and Dovecot ${imap}.`);
      return page;
    },
    isSignedIn: async (browser) => (await browser.get('/users/main.php')).status === 200,
    stop: () => stopAll(mail.stop, web.stop),
  };
}

async function configure(copy: string, file: string): Promise<void> {
  await writeFile(join(copy, 'dbconfig.inc.php'), '<?php\n');
  await writeFile(file, '');
  const settings = {
    database_type: 'sqlite',
    database_name: file,
    encrypt: 'php_crypt:SHA512',
    emailcheck_resolve_domain: 'NO',
    password_validation: {},
    mailbox_postcreation_script: '',
  };
  const lines = Object.entries(settings).map(
    ([key, value]) => `$CONF['${key}'] = ${typeof value === 'object' ? '[]' : JSON.stringify(value)};`,
  );
  await writeFile(join(copy, 'config.local.php'), `<?php\n${lines.join('\n')}\n`);
}

async function install(copy: string, origin: string): Promise<void> {
  const { text: says } = await openBrowser(origin).get('/upgrade.php');
  const add = (...args: string[]) =>
    execa('php', [join(copy, 'scripts/postfixadmin-cli.php'), ...args], {
      extendEnv: false,
      env: cleanEnvironment(),
    });
  try {
    await add('domain', 'add', 'example.com');
    const password = ['--password', firstPassword, '--password2', firstPassword];
    await add('mailbox', 'add', susan.email, ...password, '--name', susan.name);
  } catch (error) {
    throw new Error(`PostfixAdmin is not installed: ${says}`, { cause: error });
  }
}

/** IMAP without TLS on loopback; the mailboxes belong to nobody. */
async function startDovecot(folder: string, file: string) {
  const port = await findFreePort();
  const home = join(folder, 'home');
  await mkdir(home);
  await chmod(home, 0o777);
  const sql = join(folder, 'dovecot-sql.conf');
  await writeFile(
    sql,
    `driver = sqlite
connect = ${file}
default_pass_scheme = CRYPT
password_query = select username as user, password from mailbox where username = '%u' and active = '1'
`,
  );
  const config = join(folder, 'dovecot.conf');
  await writeFile(config, configuration(folder, port, sql));
  const server = await startChildServer(findProgram('dovecot') ?? 'dovecot', ['-F', '-c', config], port);
  const accepts = async (password: string) => {
    const socket = connectTo(port, '127.0.0.1');
    const plain = Buffer.from(`\0${susan.email}\0${password}`).toString('base64');
    // It gives up on who has said everything before it could look.
    socket.write(`a authenticate plain ${plain}\r\nb logout\r\n`);
    const answer = await text(socket);
    if (/^a OK/m.test(answer)) return true;
    if (/^a NO \[AUTHENTICATIONFAILED\]/m.test(answer)) return false;
    throw new Error(`Dovecot answers: ${answer}`);
  };
  return { accepts, stop: server.stop };
}

const configuration = (folder: string, port: number, sql: string): string => `
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain
auth_failure_delay = 0
first_valid_uid = 1
mail_location = maildir:${folder}/home/mail
passdb {
  driver = sql
  args = ${sql}
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=${folder}/home
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${port}
  }
}
# Wrong passwords from one address are not answered later and later.
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
`;
