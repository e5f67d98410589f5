import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { startChildServer } from './child-server.ts';
import { findProgram } from './find-program.ts';
import { findFreePort } from './free-port.ts';
import { caFile } from './mailbox.ts';
import { removeFolderSync } from './temporary-folder.ts';

export interface DovecotOptions {
  /** port of the server to which it passes the mails on */
  readonly relayPort: number;
  readonly password: string;
}

const keyFile = fileURLToPath(new URL('../fixtures/tls/localhost.key.pem', import.meta.url));

/**
 * A real Dovecot submission server on loopback: STARTTLS before the login, and the login before anything else. Gives
 * its port. For `describe.runIf(needs('dovecot'))`.
 */
export async function startDovecot(options: DovecotOptions): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'reset-dovecot-'));
  chmodSync(folder, 0o755);
  const port = await findFreePort();
  const config = join(folder, 'dovecot.conf');
  mkdirSync(join(folder, 'home'));
  chmodSync(join(folder, 'home'), 0o777);
  writeFileSync(config, write(folder, port, options));
  const server = await startChildServer(findProgram('dovecot') ?? 'dovecot', ['-F', '-c', config], port);
  onTestFinished(async () => {
    await server.stop();
    removeFolderSync(folder);
  });
  return port;
}

/** The mailbox belongs to nobody: Dovecot opens none as root. */
const write = (folder: string, port: number, { relayPort, password }: DovecotOptions): string => `
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
protocols = submission
listen = 127.0.0.1
hostname = mail.example.test
ssl = required
ssl_cert = <${caFile}
ssl_key = <${keyFile}
disable_plaintext_auth = yes
auth_mechanisms = plain login
auth_failure_delay = 0
first_valid_uid = 1
mail_location = maildir:${folder}/home/mail
submission_relay_host = 127.0.0.1
submission_relay_port = ${relayPort}
passdb {
  driver = static
  args = password=${password}
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=${folder}/home
}
service submission-login {
  chroot =
  inet_listener submission {
    port = ${port}
  }
}
service anvil {
  chroot =
}
`;
