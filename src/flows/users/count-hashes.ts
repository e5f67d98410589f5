import type { App } from '../../app.ts';
import { identifyFormat } from '../../passwords/hash.ts';
import { markOf } from '../../passwords/known-hash.ts';
import type { User } from '../../types.ts';

/** How many users have a hash of one kind. */
export interface HashCount {
  /** a format's name; `unknown`; `none` where there is no password; `refused` where the user signs in another way */
  readonly format: string;
  readonly parameters: Readonly<Record<string, string | number>>;
  readonly count: number;
  /** weaker than today's parameters: such a user is better off after a reset */
  readonly isWeak: boolean;
  /** why, for the refused */
  readonly because?: string;
  /** for the unknown: the mark of the scheme, without salt and digest */
  readonly mark?: string;
  /** one of them, to look at */
  readonly exampleId: string;
}

export type HashKind = Omit<HashCount, 'count' | 'exampleId'>;

/** The formats and parameters of all users, most frequent first. Reads in pages: any number of users will do. */
export async function countHashes(app: App): Promise<HashCount[]> {
  const store = await app.users();
  const preferred = store.passwords.hashFormat ?? undefined;
  const counts = new Map<string, { kind: HashKind; count: number; exampleId: string }>();
  for await (const user of store.list()) {
    const kind = kindOf(user, preferred);
    const key = JSON.stringify(kind);
    const known = counts.get(key) ?? { kind, count: 0, exampleId: user.id };
    known.count += 1;
    counts.set(key, known);
  }
  return [...counts.values()]
    .map(({ kind, count, exampleId }) => ({ ...kind, count, exampleId }))
    .sort((one, other) => other.count - one.count);
}

/** `preferred`: the preset's format. */
export function kindOf({ encoded, refusal }: User, preferred: string | undefined): HashKind {
  if (refusal !== null) return { format: 'refused', parameters: {}, isWeak: false, because: refusal };
  if (encoded === null || encoded === '') return { format: 'none', parameters: {}, isWeak: false };
  const format = identifyFormat(encoded, preferred);
  if (!format) return { format: 'unknown', parameters: {}, isWeak: false, mark: markOf(encoded) };
  const { parameters } = format.summary(encoded);
  return { format: format.name, parameters, isWeak: format.needsRehash(encoded) };
}
