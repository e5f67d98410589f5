import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { ResetError } from '../../errors.ts';
import { writeNewPrivateFile, writePrivateFile } from '../../values/private-file.ts';

/** Where everything of a playground lies; absolute, so that its config file works from any folder. */
export interface Playground {
  readonly folder: string;
  readonly database: string;
  readonly keyFile: string;
  readonly mailbox: string;
  readonly configFile: string;
}

/** What a playground's configuration says besides the paths. */
export interface PlaygroundSettings {
  readonly baseUrl: string;
  readonly port: number;
}

const folderMode = 0o700;

/** The folder with its signing key; one that is a playground already is used again. Throws usage_invalid for another's. */
export async function makePlayground(dir: string): Promise<Playground> {
  const folder = resolve(dir);
  const playground: Playground = {
    folder,
    database: join(folder, 'demo.db'),
    keyFile: join(folder, 'reset.key'),
    mailbox: join(folder, 'mailbox'),
    configFile: join(folder, 'reset.config.json'),
  };
  await mkdir(folder, { recursive: true, mode: folderMode }).catch((cause: unknown) => {
    throw new ResetError('usage_invalid', `The folder ${folder} can't be created. Choose one with --dir.`, {
      cause,
    });
  });
  if (existsSync(playground.keyFile) && existsSync(playground.database)) return playground;
  if ((await readdir(folder)).length > 0) {
    throw new ResetError(
      'usage_invalid',
      `The folder ${folder} holds other files. Choose an empty or new one with --dir.`,
    );
  }
  await mkdir(playground.mailbox, { mode: folderMode });
  await writeNewPrivateFile(playground.keyFile, `base64url:${randomBytes(32).toString('base64url')}\n`);
  return playground;
}

/** The configuration of a playground as the program wants it, by key. */
export const playgroundConfig = (playground: Playground, { baseUrl, port }: PlaygroundSettings) => ({
  database: `sqlite:${playground.database}`,
  baseUrl,
  'mail.from': 'Reset demo <noreply@example.com>',
  appName: 'Reset demo',
  'server.host': '127.0.0.1',
  'server.port': port,
});

/**
 * `reset.config.json`, so that every command can be tried in the folder. Mails of those go into the mailbox folder
 * without a server: they work after the demo has ended, too.
 */
export async function writePlaygroundConfig(
  playground: Playground,
  settings: PlaygroundSettings,
): Promise<void> {
  const config = {
    database: `sqlite:${basename(playground.database)}`,
    baseUrl: settings.baseUrl,
    secret: `file:${basename(playground.keyFile)}`,
    mail: { url: `file:${basename(playground.mailbox)}`, from: 'Reset demo <noreply@example.com>' },
    appName: 'Reset demo',
    server: { port: settings.port },
  };
  await writePrivateFile(playground.configFile, `${JSON.stringify(config, null, 2)}\n`);
}
