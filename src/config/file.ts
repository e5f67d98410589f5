import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ResetError } from '../errors.ts';
import { decodeText } from '../values/decode-text.ts';
import { assertTrusted } from '../values/trusted-path.ts';

const NAME = 'reset.config.json';
const MODULE = 'reset.config.mjs';

export interface ConfigFile {
  readonly path: string | undefined;
  /** a module that lies nearer: it is code, so it is only read when it is named */
  readonly passedOver: string | undefined;
}

/**
 * The config file: the one named, else the nearest from `cwd` upwards, which nobody but the caller and root may have
 * written: whoever writes it says which database, mail server and templates are used.
 */
export function findConfigFile(cwd: string, named?: string): ConfigFile {
  if (named !== undefined) {
    const path = resolve(cwd, named);
    if (existsSync(path)) return { path, passedOver: undefined };
    throw new ResetError('config_invalid', `There is no config file ${path} (from --config).`);
  }
  let passedOver: string | undefined;
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const path = join(folder, NAME);
    if (existsSync(path)) {
      assertTrusted(path, 'The config file', `Or name it yourself: --config ${path}`);
      return { path, passedOver };
    }
    if (existsSync(join(folder, MODULE))) passedOver ??= join(folder, MODULE);
    if (folder === dirname(folder)) return { path: undefined, passedOver };
  }
}

/** The object that the file holds. Throws config_invalid with the place of a syntax error. */
export async function readConfigFile(path: string): Promise<Record<string, unknown>> {
  const content = path.endsWith('.mjs') ? await importModule(path) : parseJson(path);
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new ResetError('config_invalid', `${path} must hold an object.`);
  }
  return content as Record<string, unknown>;
}

async function importModule(path: string): Promise<unknown> {
  try {
    const module = (await import(pathToFileURL(path).href)) as { default?: unknown };
    return module.default;
  } catch (error) {
    throw unreadable(path, error);
  }
}

function parseJson(path: string): unknown {
  try {
    return JSON.parse(decodeText(readFileSync(path)));
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, cause: unknown): ResetError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new ResetError('config_invalid', `${path} can't be read: ${why}`, { cause });
}
