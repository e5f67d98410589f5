import helmet from '@fastify/helmet';
import Fastify from 'fastify';

/** Header names and values. */
export type Headers = Readonly<Record<string, string>>;

export interface SecurityHeaders {
  /** for every answer */
  readonly plain: Headers;
  /** what is different on pages that have our script */
  readonly withScript: Headers;
}

const YEAR_S = 31_536_000;

// Written out in full (R57): the plugin's own defaults allow inline styles and framing by the same origin.
const directives = (script: "'self'" | "'none'") => ({
  'default-src': ["'none'"],
  'style-src': ["'self'"],
  'script-src': [script],
  'img-src': ["'self'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'none'"],
  'base-uri': ["'none'"],
  'object-src': ["'none'"],
});

/**
 * What helmet puts on an answer, recorded once at the start: it would build the same lines again for each request,
 * and answers that never reach a route (a malformed request line) need them too.
 *
 * @param isHttps links begin with https: so browsers may be required to stay there; not for sibling subdomains
 */
export async function readSecurityHeaders({ isHttps }: { isHttps: boolean }): Promise<SecurityHeaders> {
  const read = async (script: "'self'" | "'none'"): Promise<Headers> => {
    const server = Fastify();
    await server.register(helmet, {
      contentSecurityPolicy: { useDefaults: false, directives: directives(script) },
      strictTransportSecurity: isHttps && { maxAge: YEAR_S, includeSubDomains: false },
      // With no-referrer Chrome sends `Origin: null` on the form's own POST.
      referrerPolicy: { policy: 'same-origin' },
      xFrameOptions: { action: 'deny' },
      crossOriginOpenerPolicy: { policy: 'same-origin' },
    });
    const ownHeaders = new Set(['content-length', 'content-type', 'date', 'connection']);
    server.get('/', () => '');
    const { headers } = await server.inject('/');
    await server.close();
    const lines = Object.entries(headers).filter(([name]) => !ownHeaders.has(name));
    return Object.freeze({
      ...Object.fromEntries(lines.map(([name, value]) => [name, String(value)])),
      'cache-control': 'no-store',
    });
  };
  const [plain, scripted] = await Promise.all([read("'none'"), read("'self'")]);
  const different = Object.entries(scripted).filter(([name, value]) => plain[name] !== value);
  return { plain, withScript: Object.freeze(Object.fromEntries(different)) };
}
