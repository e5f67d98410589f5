import { dirname } from 'node:path';
import type { Environment } from './environment.ts';
import { firstSet, flaskMailUrl } from './environment.ts';
import type { Settings } from './settings.ts';
import type { ConfigKey, KeyName } from './schema.ts';
import { KEYS } from './schema.ts';

/** What comes before every file. */
interface Given {
  readonly flags?: Readonly<Partial<Record<KeyName, unknown>>>;
  readonly env?: Environment;
}

/** What was given for a key, and where. */
export interface Found {
  readonly value: unknown;
  readonly source: string;
  readonly isFlag?: true;
  /** of the name under which it was given */
  readonly spec: ConfigKey<unknown>;
}

/** The first place that has the key, or another name of it (a path instead of the value). */
export function firstFound(
  name: KeyName,
  { flags = {}, env = {} }: Given,
  dotEnv: Environment,
  settings: Settings,
): Found | undefined {
  const names = Object.entries<ConfigKey<unknown>>(KEYS).filter(
    ([each, spec]) => each === name || spec.aliasOf === name,
  );
  return (
    inFlags(names, flags) ??
    inEnvironment(names, env, 'environment') ??
    inEnvironment(names, dotEnv, '.env') ??
    inSettings(name, settings)
  );
}

type Names = readonly (readonly [string, ConfigKey<unknown>])[];

function inFlags(names: Names, flags: NonNullable<Given['flags']>): Found | undefined {
  for (const [each, spec] of names) {
    const value = flags[each as KeyName];
    const source = `flag ${(spec.flag ?? each).split(' ')[0] ?? each}`;
    if (value !== undefined) return { value, source, isFlag: true, spec };
  }
  return undefined;
}

function inEnvironment(names: Names, env: Environment, label: string): Found | undefined {
  for (const [each, spec] of names) {
    const set = firstSet(env, spec.env ?? []) ?? (each === 'mail.url' ? flaskMailUrl(env) : undefined);
    if (set !== undefined) return { value: set.value, source: `${label} ${set.name}`, spec };
  }
  return undefined;
}

function inSettings(name: KeyName, { values, source, file }: Settings): Found | undefined {
  const value = values.get(name);
  if (value === undefined) return undefined;
  const spec: ConfigKey<unknown> = KEYS[name];
  const isInFile = file !== undefined && spec.resolvePaths !== undefined;
  return { value: isInFile ? spec.resolvePaths(value, dirname(file)) : value, source, spec };
}
