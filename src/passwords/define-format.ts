import type { Example, HashFormat, HashOptions } from './hash-format.ts';
import { unreadableHash } from './unreadable-hash.ts';

/** What `examples` of a definition are of, unless one says another password. */
const SAMPLE_PASSWORD = 'correct horse battery staple';

/** Hashes that the original software made. */
export interface Examples {
  readonly examples: readonly (Omit<Example, 'password'> & Partial<Pick<Example, 'password'>>)[];
}

/** A format by its parts: how a string is read, and what is done with what was read. */
export interface FormatDefinition<Parts>
  extends Pick<HashFormat, 'maxBytes' | 'takesPepper' | 'columns'>, Examples {
  /** undefined for a string of another format; what it gives is what the others take */
  readonly read: (encoded: string) => Parts | undefined;
  readonly matches: (password: string, parts: NoInfer<Parts>, pepper?: string) => Promise<boolean>;
  /** `row`: what the user's row has now, if it is of this format; absent where the format must not be written */
  readonly write?: (
    password: string,
    row: NoInfer<Parts> | undefined,
    options: HashOptions,
  ) => Promise<string>;
  /** absent: never written, so always to be replaced */
  readonly isWeak?: (parts: NoInfer<Parts>) => boolean;
  /** for the operator: no salt, no digest */
  readonly parameters: (parts: NoInfer<Parts>) => Readonly<Record<string, string | number>>;
  /** its strings look like another format's, so that only a preset can name it */
  readonly isLookalike?: true;
}

/** Makes a `HashFormat` of its parts, so that every format refuses foreign strings the same way. */
export function defineFormat<Parts>(name: string, definition: FormatDefinition<Parts>): HashFormat {
  const { read, matches, write, isWeak, parameters, isLookalike, examples, ...rest } = definition;
  const readOrThrow = (encoded: string): Parts => {
    const parts = read(encoded);
    if (parts === undefined) throw unreadableHash(name);
    return parts;
  };
  const reads = (encoded: string): boolean => read(encoded) !== undefined;
  return {
    name,
    ...rest,
    examples: examples.map((example) => ({ password: SAMPLE_PASSWORD, ...example })),
    ...(isLookalike ? { identifies: () => false, reads } : { identifies: reads }),
    verify: async (password, encoded, options) => matches(password, readOrThrow(encoded), options?.pepper),
    ...(write && {
      hash: async (password: string, options: HashOptions = {}) =>
        write(password, options.like === undefined ? undefined : read(options.like), options),
    }),
    needsRehash: (encoded) => isWeak?.(readOrThrow(encoded)) ?? true,
    summary: (encoded) => ({ format: name, parameters: parameters(readOrThrow(encoded)) }),
  };
}
