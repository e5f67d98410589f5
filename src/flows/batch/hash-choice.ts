import type { App } from '../../app.ts';
import { ResetError } from '../../errors.ts';
import { formats } from '../../passwords/formats/index.ts';
import { nearest } from '../../values/nearest.ts';
import { programName } from '../../values/program-name.ts';
import type { User } from '../../types.ts';
import { inPages, type Resolved } from './resolve-lines.ts';
import { kindOf, type HashKind } from '../users/count-hashes.ts';

/** Users chosen by their hash, as counted by `reset hashes`. */
export interface HashChoice {
  /** any of these: `weak`, a format's name, or a bare digest such as `md5`; empty: any hash */
  readonly kinds: readonly string[];
  /** and a bcrypt cost below this */
  readonly costBelow?: number | undefined;
}

const WEAK = 'weak';
/** Digests that some formats store as they are, or only salted. */
const DIGESTS = ['md5', 'sha1', 'sha256', 'sha512', 'none'];

/** `weak`, `md5,phpass`. Throws usage_invalid with the nearest name. */
export function parseHashKinds(list: string): string[] {
  const kinds = list
    .split(',')
    .map((kind) => kind.trim().toLowerCase())
    .filter((kind) => kind !== '');
  const known = [WEAK, ...DIGESTS, ...formats.map(({ name }) => name)];
  const unknown = kinds.find((kind) => !known.includes(kind));
  if (kinds.length > 0 && unknown === undefined) return kinds;
  const guess = unknown === undefined ? undefined : nearest(unknown, known);
  throw new ResetError(
    'usage_invalid',
    unknown === undefined
      ? '--hash takes weak, or the names of hash formats.'
      : `There is no kind of hash ${JSON.stringify(unknown)}.${guess === undefined ? '' : ` Did you mean ${guess}?`} To see which your users have: ${programName} hashes`,
  );
}

/** These users, by id, some thousand at a time; nobody twice. Reads everybody in pages. */
export async function* findUsersByHash(
  app: App,
  choice: HashChoice,
): AsyncGenerator<readonly Resolved[], void, undefined> {
  for await (const users of inPages(chosenUsers(app, choice)))
    yield users.map((user) => ({ line: { id: user.id }, users: [user], isContradictory: false }));
}

async function* chosenUsers(app: App, choice: HashChoice): AsyncGenerator<User> {
  const store = await app.users();
  const preferred = store.passwords.hashFormat ?? undefined;
  for await (const user of store.list()) if (isChosen(kindOf(user, preferred), choice)) yield user;
}

export function isChosen(
  { format, parameters, isWeak }: HashKind,
  { kinds, costBelow }: HashChoice,
): boolean {
  if (NO_HASH.includes(format)) return false;
  const { cost, digest, iterations, scheme, variant } = parameters;
  if (costBelow !== undefined && !(typeof cost === 'number' && cost < costBelow)) return false;
  const isBare = digest !== undefined && iterations === undefined;
  const names = [format, scheme, variant, ...(isBare ? [digest] : [])].map((name) =>
    String(name).toLowerCase(),
  );
  return kinds.length === 0 || kinds.some((kind) => (kind === WEAK ? isWeak : names.includes(kind)));
}

/** Kinds of users without a hash that could be checked. */
const NO_HASH = ['refused', 'none', 'unknown'];

/** In words, for lists of batches. */
export function describeHashChoice({ kinds, costBelow }: HashChoice): string {
  const words = [
    ...(kinds.length > 0 ? [`hash ${kinds.join(' or ')}`] : []),
    ...(costBelow === undefined ? [] : [`cost below ${costBelow}`]),
  ];
  return words.join(', ');
}
