import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { ResetError } from '../errors.ts';

/** The operator's image, with its media type. */
export interface BrandLogo {
  readonly type: string;
  readonly content: Buffer;
}

const TYPES: Readonly<Record<string, string>> = { '.svg': 'image/svg+xml', '.png': 'image/png' };

/** The file that `brand.logo` names. Throws config_invalid. */
export async function readBrandLogo(file: string): Promise<BrandLogo> {
  const type = TYPES[extname(file).toLowerCase()];
  if (type === undefined)
    throw new ResetError('config_invalid', `brand.logo must be a file that ends in .svg or .png: ${file}`);
  const content = await readFile(file).catch((cause: unknown) => {
    throw new ResetError('config_invalid', `brand.logo cannot be read: ${file}`, { cause });
  });
  return { type, content };
}
