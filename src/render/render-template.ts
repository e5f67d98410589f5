import { createRequire } from 'node:module';
import type ejs from 'ejs';
import { isResetError, ResetError } from '../errors.ts';
import { createCatalogue, type Catalogue, type Params } from './catalogue.ts';
import { localPath, safeUrl } from './safe-url.ts';
import { DATA_KEYS, type TemplateData } from './template-data.ts';
import { listFolders, readTemplateFile } from './template-folders.ts';
import { wrapText } from './wrap-text.ts';

/** Turns templates and data into text. Compiled templates are kept. */
export interface Renderer {
  readonly catalogue: Catalogue;
  /** `mail/reset/html`, `page/reset` … → text. Throws `config_invalid` naming the file and line that is broken. */
  render(name: string, data: TemplateData): string;
  /** A stylesheet or script of the pages as it is, such as `page/style.css`. */
  readAsset(name: string): string;
}

interface Compiled {
  readonly path: string;
  readonly fill: (locals: object) => string;
}

const brokenTemplate = 'The template';

// Everything a template can see besides its data.
const HELPERS = ['t', 'dir', 'include', 'wrap', 'url', 'path'] as const;

// Required at the first use: ejs would cost every command its start-up time.
const loadEjs = (): typeof ejs => createRequire(import.meta.url)('ejs') as typeof ejs;

/** Anything but text and comments. */
const hasCode = /<%(?!#)/;
const constant = (text: string) => () => text;

/** Text parts and subjects are not HTML: `<` is a character like any other there. */
const isPlain = (name: string): boolean => /(?:^|\/)(?:text|subject|[\w-]+\.txt)$/.test(name);

/** EJS puts `file:line` first and what happened last, with an excerpt between. An include has reported its own already. */
function broken(path: string, cause: unknown): ResetError {
  const text = cause instanceof Error ? cause.message : 'it failed';
  const what = text.slice(text.lastIndexOf('\n\n') + 1).trim();
  if (isResetError(cause) && what.startsWith(brokenTemplate))
    return new ResetError('config_invalid', what, { cause });
  const place = text.startsWith(path) ? (text.split('\n')[0] ?? path) : path;
  return new ResetError('config_invalid', `${brokenTemplate} ${place} is broken: ${what}`, { cause });
}

/**
 * EJS with fixed options (R71): strict, no `with`, no client code, and a list of the names a template can read, so
 * that nothing in the data can act as an option. Includes are answered here, from the same folders.
 */
function compile(name: string, folders: readonly string[]): Compiled {
  const file = readTemplateFile(folders, `${name}.ejs`);
  const options: ejs.Options & { destructuredLocals: string[]; unsafePrototypeLocals: true } = {
    filename: file.path,
    strict: true,
    _with: false,
    client: false,
    async: false,
    // Only what it names: to read all of them would take longer than to fill a short template.
    destructuredLocals: [...DATA_KEYS, ...HELPERS].filter((name) => file.source.includes(name)),
    // Its copy keeps a prototype's getters out of the templates; what `pick` makes has no prototype.
    unsafePrototypeLocals: true,
    ...(isPlain(name) ? { escape: (value: string | undefined) => value ?? '' } : {}),
  };
  try {
    const fill = loadEjs().compile(file.source, options) as Compiled['fill'];
    return { path: file.path, fill: hasCode.test(file.source) ? fill : constant(fill({})) };
  } catch (cause) {
    throw broken(file.path, cause);
  }
}

/** A copy that holds the known keys and nothing else: no prototype, no setter, no surprise. */
function pick(data: TemplateData): Record<string, unknown> {
  const picked = Object.create(null) as Record<string, unknown>;
  for (const key of DATA_KEYS) if (Object.hasOwn(data, key)) picked[key] = data[key];
  return picked;
}

/** `overrides`: the operator's folder (`templates`), which may hold single files of the same names as ours. */
export function createRenderer(options: { readonly overrides?: string | undefined } = {}): Renderer {
  const folders = listFolders(options.overrides);
  const catalogue = createCatalogue(options.overrides);
  const compiled = new Map<string, Compiled>();
  const load = (name: string): Compiled => {
    const known = compiled.get(name);
    if (known !== undefined) return known;
    const made = compile(name, folders);
    compiled.set(name, made);
    return made;
  };
  const run = (name: string, locals: object): string => {
    const template = load(name);
    try {
      return template.fill(locals);
    } catch (cause) {
      throw broken(template.path, cause);
    }
  };
  return {
    catalogue,
    render(name, data) {
      const { locale } = data;
      const locals = Object.assign(pick(data), {
        t: (key: string, params?: Params) => catalogue.translate(locale, key, params),
        dir: catalogue.direction(locale),
        include: (part: string) => run(part, locals),
        wrap: wrapText,
        url: safeUrl,
        path: localPath,
      });
      return run(name, Object.freeze(locals));
    },
    readAsset: (name) => readTemplateFile(folders, name).source,
  };
}
