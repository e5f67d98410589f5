import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment of the process. The only place of src that touches it. */
export const processEnvironment = (): Environment => process.env;

/** `DEBUG=knex:*` would print the values of every query, hashes among them (R87). */
export function forgetDebug(): void {
  delete process.env['DEBUG'];
}

/** `.env` of the working directory, or nothing. */
export function readDotEnv(cwd: string): Environment {
  try {
    return parseEnv(readFileSync(join(cwd, '.env'), 'utf8'));
  } catch {
    return {};
  }
}

/** The first of the variables that is set and not empty: an empty one counts as unset. */
export function firstSet(
  env: Environment,
  names: readonly string[],
): { name: string; value: string } | undefined {
  for (const name of names) {
    const value = env[name];
    if (value !== undefined && value !== '') return { name, value };
  }
  return undefined;
}

const isTrue = (value: string | undefined) => /^(1|true|t|yes|y|on)$/i.test(value ?? '');

/** The variables that Flask-Mail reads → our `mail.url`. */
export function flaskMailUrl(env: Environment): { name: string; value: string } | undefined {
  const host = env['MAIL_SERVER'];
  if (!host) return undefined;
  const scheme = isTrue(env['MAIL_USE_SSL']) ? 'smtps' : 'smtp';
  const port = firstSet(env, ['MAIL_PORT'])?.value ?? (scheme === 'smtps' ? '465' : '25');
  const user = env['MAIL_USERNAME'];
  const login = user ? `${encodeURIComponent(user)}:${encodeURIComponent(env['MAIL_PASSWORD'] ?? '')}@` : '';
  return { name: 'MAIL_SERVER', value: `${scheme}://${login}${host}:${port}` };
}
