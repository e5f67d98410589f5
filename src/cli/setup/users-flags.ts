import { ResetError } from '../../errors.ts';
import type { OptionsOf } from '../command/define-command.ts';
import type { usersOptions } from './declare.ts';

type Users = Readonly<Record<string, unknown>>;
type Flag = keyof OptionsOf<typeof usersOptions>;

/** Key of `users` → the flag of `init` that gives it, as it is typed and as it is read. */
const FLAGS: Readonly<Record<string, readonly [flag: string, option: Flag]>> = {
  table: ['--table', 'table'],
  schema: ['--schema', 'schema'],
  id: ['--id-column', 'idColumn'],
  email: ['--email-column', 'emailColumn'],
  password: ['--password-column', 'passwordColumn'],
  username: ['--username-column', 'usernameColumn'],
  name: ['--name-column', 'nameColumn'],
  locale: ['--locale-column', 'localeColumn'],
  active: ['--active', 'active'],
  hash: ['--hash', 'hash'],
  onReset: ['--on-reset', 'onReset'],
};

/** `users` as the flags give it. Throws usage_invalid for JSON that is none. */
export function usersFrom(options: OptionsOf<typeof usersOptions>): Users {
  const given = Object.entries(FLAGS).flatMap(([key, [flag, option]]) => {
    const value = options[option];
    return value === undefined ? [] : [[key, read(flag, value)]];
  });
  return Object.fromEntries(given) as Users;
}

function read(flag: string, value: string): unknown {
  if (!/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch (cause) {
    throw new ResetError(
      'usage_invalid',
      `${flag}: what begins with a bracket must be JSON, and this is not.`,
      {
        cause,
      },
    );
  }
}

/** The flags that give these `users`, for a shell. */
export function flagsFor({ preset, ...users }: Users): string {
  const named = Object.entries(FLAGS).flatMap(([key, [flag]]) => {
    const value = users[key];
    return value === undefined || value === 'auto' ? [] : [`${flag} ${quoted(value)}`];
  });
  return [`--preset ${String(preset)}`, ...named].join(' ');
}

function quoted(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
