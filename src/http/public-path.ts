import { RESET_PATH } from '../values/page-paths.ts';

/** Our paths as a browser sees them, and as our routes have them. */
export interface PublicPath {
  /** `/style.css` → `/account/style.css` under a base URL that ends in /account; never with a host (R55) */
  readonly pathTo: (path: string) => string;
  /** the target of a request → the path of a route: a proxy in front may strip the base URL's path or keep it */
  readonly toRoute: (target: string | undefined) => string;
}

const AUTHORITY = /^https?:\/\/[^/?]*/i;

/** Everything that depends on the path of `baseUrl`. */
export function createPublicPath(baseUrl: string): PublicPath {
  const prefix = new URL(baseUrl).pathname.replace(/\/+$/, '');
  return {
    pathTo: (path) => `${prefix}${path}`,
    toRoute: (target = '/') => escapeBroken(dropTail(stripPrefix(target.replace(AUTHORITY, ''), prefix))),
  };
}

/** What mail programs and people leave behind a link: a slash, a full stop, a blank, the bracket around it. */
const TAIL = new RegExp(
  `^(${RESET_PATH}/[\\w.-]*[\\w-])(?:%(?:20|0[ad]|22|27|29|3[bce]|5d|7d|c2%a0)|[/.,;:!<>"')}\\]*])+(?=\\?|$)`,
  'i',
);

const dropTail = (path: string): string => path.replace(TAIL, '$1');

function stripPrefix(path: string, prefix: string): string {
  if (prefix === '' || !path.startsWith(prefix)) return path;
  const rest = path.slice(prefix.length);
  return rest.startsWith('/') ? rest : path;
}

/** A `%` that begins no escape is taken literally, so a mutilated link is refused like any other (R20). */
function escapeBroken(path: string): string {
  if (!path.includes('%')) return path;
  try {
    decodeURIComponent(path);
    return path;
  } catch {
    return path.replaceAll('%', '%25');
  }
}
