import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { startChildServer } from './child-server.ts';
import { findProgram } from './find-program.ts';
import { findFreePort } from './free-port.ts';
import { removeFolderSync } from './temporary-folder.ts';

export interface Postfix {
  readonly url: string;
  /** Maildir of everybody who has a mailbox */
  readonly inbox: string;
  /** Maildir of `bounce@` and `bounce+anything@` */
  readonly bounces: string;
  /** resolves when this many mails are there */
  waitFor(maildir: string, count: number): Promise<void>;
  /** how many mails could not be delivered yet */
  deferred(): number;
  /** try those again now */
  flush(): Promise<void>;
}

const NOBODY = 65_534;

/**
 * A real Postfix with a configuration and a queue of its own. It takes every mail to `domain` and finds out later who
 * has a mailbox there: the others' mails come back to their envelope senders. `bounceAlias`: as after `bounce:` in
 * /etc/aliases, where mails to `bounce@` go then; its commands run as nobody. Needs root, as Postfix does.
 */
export async function startPostfix(
  domain: string,
  mailboxes: readonly string[],
  bounceAlias?: string,
): Promise<Postfix> {
  const folder = mkdtempSync(join(tmpdir(), 'reset-postfix-'));
  const port = await findFreePort();
  const path = (name: string) => join(folder, name);
  for (const name of ['config', 'queue', 'data', 'mail']) mkdirSync(path(name));
  for (const name of ['', 'config', 'queue', 'data', 'mail']) chmodSync(path(name), 0o755);
  chownSync(path('mail'), NOBODY, NOBODY);
  execFileSync('chown', ['postfix', path('data')]);
  const map = [...mailboxes.map((address) => `${address} inbox/`), `bounce@${domain} bounce/`];
  writeFileSync(path('config/mailboxes'), `${map.join('\n')}\n`);
  const aliases = bounceAlias === undefined ? {} : aliasConfig(folder, domain);
  writeFileSync(path('config/aliases'), `bounce ${bounceAlias ?? ''}\n`);
  writeFileSync(path('config/virtual'), `bounce@${domain} bounce@mail.${domain}\n`);
  writeFileSync(path('config/main.cf'), toConfig({ ...mainConfig(folder, domain), ...aliases }));
  writeFileSync(path('config/master.cf'), masterConfig(port));
  const postfix = findProgram('postfix') ?? 'postfix';
  const server = await startChildServer(postfix, ['-c', path('config'), 'start-fg'], port);
  onTestFinished(async () => {
    await server.stop();
    removeFolderSync(folder);
  });
  return {
    url: `smtp://127.0.0.1:${port}`,
    inbox: path('mail/inbox'),
    bounces: path('mail/bounce'),
    waitFor: async (maildir, count) => {
      for (const end = Date.now() + 300_000; countMails(maildir) < count; await sleep(200)) {
        if (Date.now() > end) throw new Error(`${countMails(maildir)} of ${count} mails are in ${maildir}`);
      }
    },
    deferred: () => countDeferred(path('queue')),
    flush: async () => void (await execa(postfix, ['-c', path('config'), 'flush'])),
  };
}

/** Postfix spreads what waits over folders by the first letter. */
const countDeferred = (queue: string): number =>
  readdirSync(join(queue, 'deferred'), { recursive: true, withFileTypes: true }).filter((each) =>
    each.isFile(),
  ).length;

function countMails(maildir: string): number {
  try {
    return readdirSync(join(maildir, 'new')).length;
  } catch {
    return 0;
  }
}

const toConfig = (settings: Readonly<Record<string, string>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name} = ${value}\n`)
    .join('');

/** `bounce@` is a local name, and keeps what is behind its `+` on the way there. */
const aliasConfig = (folder: string, domain: string) => ({
  mydestination: `mail.${domain}`,
  alias_maps: `texthash:${folder}/config/aliases`,
  virtual_alias_maps: `texthash:${folder}/config/virtual`,
});

const mainConfig = (folder: string, domain: string) => ({
  compatibility_level: '3.6',
  queue_directory: `${folder}/queue`,
  data_directory: `${folder}/data`,
  mail_owner: 'postfix',
  setgid_group: 'postdrop',
  // Node's pipes are sockets, which cannot be opened as /dev/stdout.
  maillog_file: `${folder}/log`,
  maillog_file_prefixes: folder,
  myhostname: `mail.${domain}`,
  mydestination: '',
  inet_interfaces: '127.0.0.1',
  inet_protocols: 'ipv4',
  mynetworks: '127.0.0.0/8',
  virtual_mailbox_domains: domain,
  virtual_mailbox_base: `${folder}/mail`,
  virtual_mailbox_maps: `texthash:${folder}/config/mailboxes`,
  virtual_uid_maps: `static:${NOBODY}`,
  virtual_gid_maps: `static:${NOBODY}`,
  recipient_delimiter: '+',
  // Taken first, bounced later, as a relay in front of a mailbox server does.
  smtpd_reject_unlisted_recipient: 'no',
  alias_maps: '',
  default_process_limit: '20',
});

const masterConfig = (port: number): string =>
  [
    `127.0.0.1:${port} inet n - n - - smtpd`,
    'postlog unix-dgram n - n - 1 postlogd',
    'cleanup unix n - n - 0 cleanup',
    'qmgr unix n - n 300 1 qmgr',
    'rewrite unix - - n - - trivial-rewrite',
    ...['bounce', 'defer', 'trace'].map((name) => `${name} unix - - n - 0 bounce`),
    'verify unix - - n - 1 verify',
    'flush unix n - n 1000? 0 flush',
    'proxymap unix - - n - - proxymap',
    'error unix - - n - - error',
    'retry unix - - n - - error',
    'discard unix - - n - - discard',
    'virtual unix - n n - - virtual',
    'local unix - n n - - local',
    'pickup unix n - n 60 1 pickup',
    'anvil unix - - n - 1 anvil',
    'scache unix - - n - 1 scache',
    '',
  ].join('\n');
