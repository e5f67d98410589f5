import type { Config } from './config/config.ts';
import type { Problem } from './config/problem.ts';
import { refuseConfig } from './config/problem.ts';
import { isKeyed } from './values/prehash-kinds.ts';
import { detailsOf, isResetError, ResetError } from './errors.ts';
import type { UsersMapping } from './users/mapping/users-mapping.ts';

/** What is wrong with `users.*`, as far as it shows without a database: preset, hash format, names. */
export async function validateUsers(config: Config): Promise<readonly Problem[]> {
  try {
    const { hash, prehash, preset } = await resolveUsers(config);
    if (prehash !== undefined && isKeyed(prehash.kind) && prehash.key === undefined)
      return problemsOf(keyIsMissing(preset.name), config);
    if (hash !== 'auto') await aboutKey('users.hash', () => loadFormat(hash));
    return [];
  } catch (error) {
    return problemsOf(error, config);
  }
}

/** The preset says that a key is mixed in, and only the application's own settings know it. */
const keyIsMissing = (preset: string): ResetError => {
  const message = `must name the application's key: { "prehashKey": "…" } (preset ${preset})`;
  return new ResetError('config_invalid', message, {
    details: { problems: [{ key: 'users.hash', message }] },
  });
};

/** The preset with the configuration's `users.*` on top. Throws config_invalid with `details.problems`. */
export async function resolveUsers({ users }: Config): Promise<UsersMapping> {
  const [{ isSplitPassword, resolveMapping }, { loadPreset }] = await Promise.all([
    import('./users/mapping/resolve-mapping.ts'),
    import('./users/preset/load-preset.ts'),
  ]);
  const preset = await aboutKey('users.preset', () => loadPreset(users.preset));
  if (!isSplitPassword(preset, users.overrides)) return resolveMapping(preset, users.overrides);
  // The forty formats are loaded only where a format says how a hash is kept in several columns.
  const { findFormat } = await import('./passwords/find-format.ts');
  const codecOf = (format: string) => findFormat(format).columns;
  return aboutKey('users.hash', () => resolveMapping(preset, users.overrides, { codecOf }));
}

/** A refusal of `users.*` as one of the whole configuration, with where each value came from. */
export function refuseUsers(error: unknown, config: Config): ResetError {
  return refuseConfig(problemsOf(error, config));
}

async function loadFormat(name: string): Promise<void> {
  const { findWritableFormat } = await import('./passwords/find-format.ts');
  findWritableFormat(name);
}

/** A refusal that names no key is about this one. */
async function aboutKey<T>(key: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isResetError(error) || detailsOf(error, 'config_invalid').problems !== undefined) throw error;
    const { message } = error;
    throw new ResetError('config_invalid', message, {
      cause: error,
      details: { problems: [{ key, message }] },
    });
  }
}

function problemsOf(error: unknown, { sources, users }: Config): readonly Problem[] {
  const { problems } = detailsOf(error, 'config_invalid');
  if (problems === undefined) throw error;
  return problems.map(({ key, message }) => ({
    code: 'invalid',
    key,
    source: sources.get(key.replace(/\[.*$/, '')) ?? `preset ${users.preset}`,
    message,
  }));
}
