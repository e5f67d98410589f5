import type { FormatDefinition } from './define-format.ts';

/** How one kind of string is read, checked and written: a whole format, or what stands behind a prefix. */
export type HashBody<Parts> = Pick<
  FormatDefinition<Parts>,
  'read' | 'matches' | 'write' | 'isWeak' | 'parameters'
>;

/** Lets the types of the parts follow from `read`. */
export const defineBody = <Parts>(body: HashBody<Parts>): HashBody<Parts> => body;

/** The same strings behind a prefix that the application puts in front of them. */
export function withPrefix<Parts>(prefix: string, body: HashBody<Parts>): HashBody<Parts> {
  const { read, write } = body;
  return {
    ...body,
    read: (encoded) => (encoded.startsWith(prefix) ? read(encoded.slice(prefix.length)) : undefined),
    ...(write && {
      write: async (password, row, options) => prefix + (await write(password, row, options)),
    }),
  };
}

/** The same strings behind one of several prefixes, which the row keeps: `shape` has the prefix and the rest as groups. */
export function withTag<Parts extends object>(
  shape: RegExp,
  usual: string,
  body: HashBody<Parts>,
): HashBody<Parts & { readonly tag: string }> {
  const { read, write, ...rest } = body;
  return {
    ...rest,
    read(encoded) {
      const [, tag, inner = ''] = shape.exec(encoded) ?? [];
      const parts = read(inner);
      return parts && tag !== undefined ? { ...parts, tag } : undefined;
    },
    ...(write && {
      write: async (password, row, options) => (row?.tag ?? usual) + (await write(password, row, options)),
    }),
  };
}
