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
