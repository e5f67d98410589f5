import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, readFile } from 'node:fs/promises';
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { parseSigningKey } from '../../config/signing-key.ts';
import { ResetError } from '../../errors.ts';
import { inPackage } from '../../values/package-folder.ts';
import { writeNewPrivateFile, writePrivateFile } from '../../values/private-file.ts';

/** What `init` found out, as it goes into the file; what the environment says stays there and is left out. */
export interface ProjectSettings {
  readonly database?: string | undefined;
  readonly ledger?: string | undefined;
  /** path of the ledger, if it is a file */
  readonly ledgerFile?: string | undefined;
  readonly users?: Readonly<Record<string, unknown>> | undefined;
  readonly baseUrl?: string | undefined;
  readonly appName?: string | undefined;
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

export const CONFIG_NAME = 'reset.config.json';

/** A login in a URL: nobody else may read such a file. */
const HAS_PASSWORD = /:\/\/[^"/@]+:[^"/@]+@/;

/** Writes the config file and, where there is none yet, the key: both readable by their owner alone (R80). */
export async function writeProject(folder: string, settings: ProjectSettings): Promise<WrittenProject> {
  const configFile = join(folder, CONFIG_NAME);
  const { keyFile } = settings;
  const isNewKey = keyFile !== undefined && !existsSync(keyFile);
  if (keyFile !== undefined && isNewKey) await createKey(keyFile);
  else if (keyFile !== undefined) parseSigningKey(`file:${keyFile}`); // throws config_invalid if the key is invalid
  const text = `${JSON.stringify(toFile(folder, settings), null, 2)}\n`;
  await writePrivateFile(configFile, text).catch(refuse(configFile));
  const secrets = [
    ...(keyFile === undefined ? [] : [keyFile]),
    ...(HAS_PASSWORD.test(text) ? [configFile] : []),
    ...(settings.ledgerFile === undefined ? [] : [`${settings.ledgerFile}*`]),
  ];
  return { configFile, isNewKey, ignored: await ignore(folder, secrets) };
}

/** 32 random bytes as `secret` takes them (R01). */
export const newKey = (): string => `base64url:${randomBytes(32).toString('base64url')}`;

/** A new key in a new file that only its owner can read. Throws usage_invalid; a key is never overwritten. */
export const createKey = (path: string): Promise<void> =>
  writeNewPrivateFile(path, `${newKey()}\n`).catch(refuse(path));

const refuse =
  (path: string) =>
  (cause: unknown): never => {
    const isThere = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    const why = isThere ? 'already exists; a key is never overwritten' : "can't be written";
    throw new ResetError('usage_invalid', `The file ${path} ${why}.`, { cause });
  };

function toFile(
  folder: string,
  { database, ledger, users, baseUrl, appName, keyFile, mail }: ProjectSettings,
): object {
  const shorten = (url: string | undefined, scheme: string) => url && withShortPath(folder, url, scheme);
  return {
    $schema: schemaOf(folder),
    database: shorten(database, 'sqlite:'),
    ledger: shorten(ledger, 'sqlite:'),
    users,
    baseUrl,
    appName,
    secret: keyFile && `file:${shortPath(folder, keyFile)}`,
    mail: mail && { url: shorten(mail.url, 'file:'), from: mail.from },
  };
}

/** Editors complete and check the file by it: of the project's own package where there is one, else of this one. */
function schemaOf(folder: string): string {
  const own = inPackage('dist', 'config.schema.json');
  const local = join('node_modules', 'resetctl', 'dist', 'config.schema.json');
  return existsSync(join(folder, local)) ? `./${local.split(sep).join('/')}` : shortPath(folder, own);
}

function withShortPath(folder: string, url: string, scheme: string): string {
  const isPath = url.startsWith(scheme) && !url.startsWith(`${scheme}//`);
  return isPath ? `${scheme}${shortPath(folder, url.slice(scheme.length))}` : url;
}

/** Relative if it is beside the file, so that the folder can be moved; otherwise absolute. */
function shortPath(folder: string, path: string): string {
  const inside = relative(folder, resolve(path));
  return inside.startsWith('..') || isAbsolute(inside) ? resolve(path) : inside.split(sep).join('/');
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
