import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ResetError } from '../errors.ts';

const NAMES = ['reset.config.json', 'reset.config.mjs'];

/** The config file: the one named, else the nearest from `cwd` upwards. */
export function findConfigFile(cwd: string, named?: string): string | undefined {
  if (named !== undefined) {
    const path = resolve(cwd, named);
    if (existsSync(path)) return path;
    throw new ResetError('config_invalid', `There is no config file ${path} (from --config).`);
  }
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const path = NAMES.map((name) => join(folder, name)).find((candidate) => existsSync(candidate));
    if (path !== undefined) return path;
    if (folder === dirname(folder)) return undefined;
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
    return JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, cause: unknown): ResetError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new ResetError('config_invalid', `${path} can't be read: ${why}`, { cause });
}
