import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../../config/config.ts';
import { ResetError } from '../../errors.ts';
import { renderStylesheet } from '../../render/pages.ts';
import type { Renderer } from '../../render/render-template.ts';

const LOGO_TYPES: Readonly<Record<string, string>> = { '.svg': 'image/svg+xml', '.png': 'image/png' };

/** The pages' stylesheet, script and logo, read once at the start. Throws config_invalid. */
export async function addAssetRoutes(
  server: FastifyInstance,
  renderer: Renderer,
  brand: Config['brand'],
): Promise<void> {
  serve(server, '/style.css', 'text/css; charset=utf-8', renderStylesheet(renderer, brand.color));
  serve(server, '/script.js', 'text/javascript; charset=utf-8', renderer.readAsset('page/script.js'));
  if (brand.logo !== undefined) serve(server, '/logo', logoType(brand.logo), await readLogo(brand.logo));
}

function serve(server: FastifyInstance, path: string, type: string, content: string | Buffer): void {
  server.get(path, (_request, reply) => reply.type(type).send(content));
}

function logoType(file: string): string {
  const type = LOGO_TYPES[extname(file).toLowerCase()];
  if (type !== undefined) return type;
  throw new ResetError('config_invalid', `brand.logo must be a file that ends in .svg or .png: ${file}`);
}

async function readLogo(file: string): Promise<Buffer> {
  return readFile(file).catch((cause: unknown) => {
    throw new ResetError('config_invalid', `brand.logo cannot be read: ${file}`, { cause });
  });
}
