import { isAbsolute, join } from 'node:path';

/**
 * The contents of the config file → the same with absolute paths: relative ones are resolved from the file's folder,
 * wherever the command runs. A value without a path, or an invalid one, is left to the parser.
 */
export type ResolvePaths = (value: unknown, folder: string) => unknown;

const makeWhole = (path: string, folder: string): string =>
  path === '' || isAbsolute(path) ? path : join(folder, path);

const inTexts =
  (resolve: (text: string, folder: string) => string): ResolvePaths =>
  (value, folder) =>
    typeof value === 'string' ? resolve(value, folder) : value;

/** A path and nothing else. */
export const asPath = inTexts(makeWhole);

/** A path after a scheme, such as `file:`. */
export const afterScheme = (scheme: string): ResolvePaths =>
  inTexts((text, folder) =>
    text.startsWith(scheme) ? scheme + makeWhole(text.slice(scheme.length), folder) : text,
  );

/** A path in an option of a URL, such as `?ca=FILE`. Nothing else of the URL is touched: it may hold a password. */
export const inOption = (option: string): ResolvePaths =>
  inTexts((text, folder) =>
    text.replace(new RegExp(`([?&]${option}=)([^&#]*)`), (_whole, before: string, written: string) => {
      const path = new URLSearchParams(`path=${written}`).get('path') ?? '';
      return before + encodeURIComponent(makeWhole(path, folder));
    }),
  );

/** Several values: a list, or a text separated by commas. */
export const inList =
  (resolve: ResolvePaths): ResolvePaths =>
  (value, folder) => {
    const items: unknown = typeof value === 'string' ? value.split(',').map((item) => item.trim()) : value;
    return Array.isArray(items) ? items.map((item: unknown) => resolve(item, folder)) : value;
  };

export const chain =
  (...all: readonly ResolvePaths[]): ResolvePaths =>
  (value, folder) =>
    all.reduce((resolved, resolve) => resolve(resolved, folder), value);
