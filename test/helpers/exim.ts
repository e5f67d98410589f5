import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { startChildServer } from './child-server.ts';
import { findProgram } from './find-program.ts';
import { findFreePort } from './free-port.ts';
import { caFile } from './mailbox.ts';
import { removeFolderSync } from './temporary-folder.ts';

export interface EximOptions {
  /** offers SMTPUTF8 */
  readonly takesUtf8?: boolean;
  /** the largest mail that it takes, in bytes */
  readonly largest?: number;
  /** conditions of an ACL: what a client may say */
  readonly acl?: Partial<Record<'helo' | 'mail' | 'rcpt' | 'data', readonly string[]>>;
  /** the only login, offered after STARTTLS alone */
  readonly login?: { readonly user: string; readonly password: string };
}

/** A mail that Exim took: its spool file, with the envelope at its head. */
export interface Spooled {
  readonly head: string;
  readonly recipients: readonly string[];
}

export interface Exim {
  readonly port: number;
  readonly url: string;
  spooled(): readonly Spooled[];
}

/** A real Exim on loopback, which takes mails and keeps them in its queue. For `describe.runIf(needs('exim'))`. */
export async function startExim(options: EximOptions = {}): Promise<Exim> {
  const folder = mkdtempSync(join(tmpdir(), 'reset-exim-'));
  const port = await findFreePort();
  const config = join(folder, 'exim.conf');
  for (const name of ['cert', 'key'])
    copyFileSync(name === 'cert' ? caFile : keyFile, join(folder, `${name}.pem`));
  mkdirSync(join(folder, 'spool', 'input'), { recursive: true });
  mkdirSync(join(folder, 'log'));
  writeFileSync(config, write(folder, port, options), { mode: 0o644 });
  chmodSync(folder, 0o755);
  const server = await startChildServer(findProgram('exim4') ?? 'exim4', ['-C', config, '-bdf'], port);
  onTestFinished(async () => {
    await server.stop();
    removeFolderSync(folder);
  });
  return {
    port,
    url: `smtp://127.0.0.1:${port}`,
    spooled: () => readSpool(join(folder, 'spool', 'input')),
  };
}

const keyFile = fileURLToPath(new URL('../fixtures/tls/localhost.key.pem', import.meta.url));

function write(
  folder: string,
  port: number,
  { takesUtf8 = false, largest, acl = {}, login }: EximOptions,
): string {
  const acls = ['helo', 'mail', 'rcpt', 'data'] as const;
  return [
    `exim_path = ${findProgram('exim4') ?? ''}`,
    `spool_directory = ${folder}/spool`,
    'local_interfaces = 127.0.0.1',
    `daemon_smtp_ports = ${port}`,
    `pid_file_path = ${folder}/pid`,
    `log_file_path = ${folder}/log/%slog`,
    ...[
      'exim_user = root',
      'exim_group = root',
      'never_users =',
      'queue_only',
      'primary_hostname = mail.example.test',
    ],
    ...['host_lookup =', 'rfc1413_hosts =', 'keep_environment ='],
    `smtputf8_advertise_hosts = ${takesUtf8 ? '*' : ''}`,
    ...(login
      ? [
          `tls_certificate = ${folder}/cert.pem`,
          `tls_privatekey = ${folder}/key.pem`,
          'tls_advertise_hosts = *',
          'auth_advertise_hosts = ${if eq{$tls_in_cipher}{}{}{*}}',
        ]
      : ['tls_advertise_hosts =']),
    ...(largest === undefined ? [] : [`message_size_limit = ${largest}`]),
    ...acls.map((name) => `acl_smtp_${name} = check_${name}`),
    'begin acl',
    ...acls.flatMap((name) => [`check_${name}:`, ...(acl[name] ?? []), 'accept']),
    ...(login
      ? [
          'begin authenticators',
          'plain:',
          'driver = plaintext',
          'public_name = PLAIN',
          `server_condition = \${if and{{eq{$auth2}{${login.user}}}{eq{$auth3}{${login.password}}}}}`,
        ]
      : []),
    '',
  ].join('\n');
}

/** Exim's -H files: envelope and headers, each header with its length and a letter before it. */
function readSpool(input: string): Spooled[] {
  return readdirSync(input)
    .filter((name) => name.endsWith('-H'))
    .map((name) => {
      const [envelope = '', head = ''] = split(readFileSync(join(input, name), 'utf8'));
      const lines = envelope.split('\n');
      const count = lines.findIndex((line) => /^\d+$/.test(line));
      return { head, recipients: lines.slice(count + 1).map((line) => line.split(' ')[0] ?? '') };
    });
}

function split(text: string): string[] {
  const at = text.indexOf('\n\n');
  return [text.slice(0, at), text.slice(at + 2)];
}
