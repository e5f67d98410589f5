import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, open, readFile, rename } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import { parseSigningKey } from '../../config/signing-key.ts';
import { ResetError } from '../../errors.ts';

/** What `init` found out, as it goes into the file; what the environment says stays there and is left out. */
export interface ProjectSettings {
  readonly database?: string | undefined;
  readonly users?: Readonly<Record<string, unknown>> | undefined;
  readonly baseUrl?: string | undefined;
  /** path of the key; undefined where the environment has a key */
  readonly keyFile?: string | undefined;
  readonly mail?: { readonly url?: string | undefined; readonly from?: string | undefined } | undefined;
}

export interface WrittenProject {
  readonly configFile: string;
  /** false: one was there and is used */
  readonly isNewKey: boolean;
  /** lines that were added to `.gitignore` */
  readonly ignored: readonly string[];
}

const FILE_MODE = 0o600;
export const CONFIG_NAME = 'reset.config.json';

/** A login in a URL: such a file is nobody else's business. */
const HAS_PASSWORD = /:\/\/[^"/@]+:[^"/@]+@/;

/** Writes the config file and, where there is none yet, the key: both readable by their owner alone (R80). */
export async function writeProject(folder: string, settings: ProjectSettings): Promise<WrittenProject> {
  const configFile = join(folder, CONFIG_NAME);
  const { keyFile } = settings;
  const isNewKey = keyFile !== undefined && !existsSync(keyFile);
  if (keyFile !== undefined && isNewKey) await writeNew(keyFile, newKey());
  else if (keyFile !== undefined) parseSigningKey(`file:${keyFile}`); // throws config_invalid if it is no good key
  const text = `${JSON.stringify(toFile(settings), null, 2)}\n`;
  const partial = `${configFile}.${randomBytes(4).toString('hex')}`;
  await writeNew(partial, text);
  await rename(partial, configFile);
  const secrets = [
    ...(keyFile === undefined ? [] : [keyFile]),
    ...(HAS_PASSWORD.test(text) ? [configFile] : []),
  ];
  return { configFile, isNewKey, ignored: await ignore(folder, secrets) };
}

const newKey = (): string => `base64url:${randomBytes(32).toString('base64url')}\n`;

function toFile({ database, users, baseUrl, keyFile, mail }: ProjectSettings): object {
  return {
    database: database && withWholePath(database, 'sqlite:'),
    users,
    baseUrl,
    secret: keyFile && `file:${resolve(keyFile)}`,
    mail: mail && { url: mail.url && withWholePath(mail.url, 'file:'), from: mail.from },
  };
}

/** Whole, so that the file may be moved, or named with --config, without a second look at what is in it. */
const withWholePath = (url: string, scheme: string): string =>
  url.startsWith(scheme) && !url.startsWith(`${scheme}//`)
    ? `${scheme}${resolve(url.slice(scheme.length))}`
    : url;

async function writeNew(path: string, text: string): Promise<void> {
  try {
    const file = await open(path, 'wx', FILE_MODE);
    await file.writeFile(text).finally(() => file.close());
  } catch (cause) {
    throw new ResetError('usage_invalid', `The file ${path} can't be written.`, { cause });
  }
}

/** Adds files to the folder's `.gitignore`, if there is one and it does not name them yet. */
async function ignore(folder: string, files: readonly string[]): Promise<string[]> {
  const path = join(folder, '.gitignore');
  if (!existsSync(path)) return [];
  const text = await readFile(path, 'utf8');
  const known = text.split(/\r?\n/).map((line) => line.trim());
  const lines = files
    .filter((file) => !known.includes(basename(file)))
    .map((file) => `/${relative(folder, resolve(file)).split(sep).join('/')}`)
    .filter((line) => !line.startsWith('/..') && !known.includes(line));
  if (lines.length > 0)
    await appendFile(path, `${text === '' || text.endsWith('\n') ? '' : '\n'}${lines.join('\n')}\n`);
  return lines;
}
