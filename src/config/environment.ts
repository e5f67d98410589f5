import { isIPv6 } from 'node:net';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { isLoopback } from '../values/loopback.ts';
import { decodeText } from '../values/decode-text.ts';
import { isResetError } from '../errors.ts';
import { assertTrusted, distrust } from '../values/trusted-path.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment of the process. The only place of src that touches it. */
export const processEnvironment = (): Environment => process.env;

/** `DEBUG=knex:*` would print the values of every query, hashes among them (R87). */
export function forgetDebug(): void {
  delete process.env['DEBUG'];
}

/** The contents of `.env`, or why it can't be read. */
export interface DotEnv {
  readonly path: string;
  readonly values: Environment;
  /** completes "`path` …" */
  readonly problem?: string;
  /** a Python environment may also be called `.env`: no warning if nothing is missing */
  readonly isFolder?: true;
}

/**
 * `.env` of the working directory. Throws config_invalid when others could have written it and it sets one of
 * `names`; what sets none of them is somebody else's business.
 */
export function readDotEnv(cwd: string, names: readonly string[]): DotEnv {
  const path = join(cwd, '.env');
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return { path, values: {} };
    if (stats.isDirectory()) return { path, values: {}, problem: 'is a folder, not a file', isFolder: true };
    const isSafe = distrust(path) === undefined;
    if (!isSafe && !stats.isFile()) assertTrusted(path, 'The file', OTHER_WAY);
    const values = parseEnv(decodeText(readFileSync(path)));
    if (!isSafe && names.some((name) => values[name])) assertTrusted(path, 'The file', OTHER_WAY);
    return { path, values };
  } catch (error) {
    if (isResetError(error)) throw error;
    return { path, values: {}, problem: `can't be read (${whyUnread(error)}), so it is ignored` };
  }
}

function whyUnread(error: unknown): string {
  const { code = 'unknown' } = error as NodeJS.ErrnoException;
  return code === 'EACCES' ? 'permission denied' : code;
}

const OTHER_WAY = 'Or work in another folder, with --config.';

/**
 * Kubernetes and Docker links write the address of a service with this name into every container. It is not meant for
 * us.
 */
const isServiceLink = (name: string, value: string): boolean =>
  name.endsWith('_PORT') && /^(tcp|udp|sctp):\/\//.test(value);

/** The first of the variables that is set: an empty one counts as unset, and so does a service's address. */
export function firstSet(
  env: Environment,
  names: readonly string[],
): { name: string; value: string } | undefined {
  for (const name of names) {
    const value = env[name];
    if (value !== undefined && value !== '' && !isServiceLink(name, value)) return { name, value };
  }
  return undefined;
}

const isTrue = (value: string | undefined) => /^(1|true|t|yes|y|on)$/i.test(value ?? '');

/** The first one decides; see flaskMailUrl. */
export const FLASK_MAIL = ['MAIL_SERVER'] as const;

/** Only written if it differs from the host's default: no TLS to this machine, STARTTLS to any other. */
function tlsOf(env: Environment, host: string): string {
  const said = env['MAIL_USE_TLS'];
  if (said === undefined || said === '' || isTrue(said) !== isLoopback(host)) return '';
  return isTrue(said) ? '?tls=required' : '?tls=none';
}

/** The variables that Flask-Mail reads → our `mail.url`. */
export function flaskMailUrl(env: Environment): { name: string; value: string } | undefined {
  const host = env['MAIL_SERVER'];
  if (!host) return undefined;
  const scheme = isTrue(env['MAIL_USE_SSL']) ? 'smtps' : 'smtp';
  const port = firstSet(env, ['MAIL_PORT'])?.value ?? (scheme === 'smtps' ? '465' : '25');
  const user = env['MAIL_USERNAME'];
  const login = user ? `${encodeURIComponent(user)}:${encodeURIComponent(env['MAIL_PASSWORD'] ?? '')}@` : '';
  const name = isIPv6(host) ? `[${host}]` : host;
  return {
    name: 'MAIL_SERVER',
    value: `${scheme}://${login}${name}:${port}${scheme === 'smtp' ? tlsOf(env, host) : ''}`,
  };
}
