import type { FastifyInstance } from 'fastify';
import type { Config } from '../../config/config.ts';
import { readBrandLogo } from '../../render/brand-logo.ts';
import { renderStylesheet } from '../../render/pages.ts';
import type { Renderer } from '../../render/render-template.ts';

/** The pages' stylesheet, script and logo, read once at the start. Throws config_invalid. */
export async function addAssetRoutes(
  server: FastifyInstance,
  renderer: Renderer,
  brand: Config['brand'],
): Promise<void> {
  serve(server, '/style.css', 'text/css; charset=utf-8', renderStylesheet(renderer, brand.color));
  serve(server, '/script.js', 'text/javascript; charset=utf-8', renderer.readAsset('page/script.js'));
  // Browsers that look for it whatever the page says; none is not a fault.
  server.get('/favicon.ico', (_request, reply) => reply.code(204).send());
  if (brand.logo === undefined) return;
  const { type, content } = await readBrandLogo(brand.logo);
  serve(server, '/logo', type, content);
}

function serve(server: FastifyInstance, path: string, type: string, content: string | Buffer): void {
  server.get(path, (_request, reply) => reply.type(type).send(content));
}
