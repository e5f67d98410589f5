import type { HashColumns } from './hash-format.ts';
import { unreadableHash } from './unreadable-hash.ts';

/** `HashColumns`, and how a format reads the parts of its canonical string. */
export interface ColumnCodec<Role extends string> extends HashColumns {
  read(encoded: string): Record<Role, string> | undefined;
}

/**
 * Several columns as one string: `tag$value$value`, in the order of `roles`; `$` and `%` inside a value are written
 * `%24` and `%25`, so that the string can be read one way only. Formats of one application share a tag, because
 * which of them a row has shows in the values.
 */
export function defineColumns<Role extends string>(tag: string, roles: readonly Role[]): ColumnCodec<Role> {
  const read = (encoded: string): Record<Role, string> | undefined => {
    const [start, ...values] = encoded.split('$');
    if (start !== tag || values.length !== roles.length) return undefined;
    return Object.fromEntries(roles.map((role, index) => [role, unescape(values[index] ?? '')])) as Record<
      Role,
      string
    >;
  };
  return {
    roles,
    read,
    join(values) {
      const given = roles.map((role) => values[role] ?? '');
      return given.includes('') ? null : [tag, ...given.map(escape)].join('$');
    },
    split(encoded) {
      const values = read(encoded);
      if (values === undefined) throw unreadableHash(tag);
      return values;
    },
  };
}

/** Salt and key of two columns, the key as `shape` says and the salt as it is; undefined for another string. */
export function readSalted(
  columns: ColumnCodec<'salt' | 'hash'>,
  encoded: string,
  shape: RegExp,
  encoding: 'hex' | 'base64',
): { readonly salt: string; readonly key: Buffer } | undefined {
  const { salt, hash } = columns.read(encoded) ?? { salt: '', hash: '' };
  const text = shape.exec(hash)?.[1];
  return text === undefined ? undefined : { salt, key: Buffer.from(text, encoding) };
}

/** The columns `salt` and `hash` of a format that is only read, and how: see `readSalted`. */
export function saltedColumns(tag: string, shape: RegExp, encoding: 'hex' | 'base64') {
  const columns = defineColumns(tag, ['salt', 'hash']);
  return { columns, read: (encoded: string) => readSalted(columns, encoded, shape, encoding) };
}

const escape = (value: string): string => value.replaceAll('%', '%25').replaceAll('$', '%24');
const unescape = (value: string): string => value.replaceAll('%24', '$').replaceAll('%25', '%');
