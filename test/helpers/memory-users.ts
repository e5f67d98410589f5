import { ResetError } from '../../src/errors.ts';
import type { User } from '../../src/types.ts';
import { chooseUser, type Identifier } from '../../src/users/store/identifier.ts';
import type { AccessReader, AccessWriter } from '../../src/users/store/known-access.ts';
import type { PasswordScheme } from '../../src/users/store/password-scheme.ts';
import type { UserSelection } from '../../src/users/store/selection.ts';
import type { SelectedUser } from '../../src/types.ts';
import type { StoreDescription } from '../../src/users/store/store-description.ts';
import type { UsersStore, UsersTransaction } from '../../src/users/store/users-store.ts';
import { foldEmail } from '../../src/values/email.ts';
import { editDistance } from '../../src/values/nearest.ts';

/** A person as every kind of store can keep one. */
export interface Kept {
  readonly email: string;
  readonly username: string;
  readonly encoded: string;
  readonly isActive: boolean;
}

type Rows = Map<string, Kept>;

const description: StoreDescription = {
  places: { users: 'the list', email: 'the list', password: 'the list' },
  key: ['list'],
  fields: { id: 'id', email: 'email' },
  hasUsernames: true,
  hasTimeZones: false,
  knowsPasswordTime: false,
  ownFormat: 'bcrypt',
  sessionsEndWithHash: true,
  advice: [],
  warnings: [],
  irrevocable: undefined,
};

const passwords: PasswordScheme = {
  hash: 'auto',
  hashFormat: 'bcrypt',
  hashParameters: {},
  pepper: undefined,
  prehash: undefined,
  passwordTransform: 'raw',
  normalize: 'none',
  maxLength: undefined,
};

/** Users in a list, to see that nothing above a store knows of tables. Ids are counted from 1. */
export function createMemoryUsers(people: readonly Kept[]): UsersStore {
  let rows: Rows = new Map(people.map((person, index) => [String(index + 1), person]));
  let last: Promise<unknown> = Promise.resolve();
  /** One after another; a failed one leaves the rows as they were. */
  const transaction: UsersStore['transaction'] = (work) => {
    const next = last.then(async () => {
      const copy = new Map(rows);
      const result = await work(changing(copy));
      rows = copy;
      return result;
    });
    last = next.catch(() => undefined);
    return next;
  };
  const all = (): User[] => usersOf(rows);
  return {
    ...nothingElse,
    description,
    passwords,
    isApart: true,
    find: (identifier) => changing(rows).find(identifier),
    get: (ids) => changing(rows).get(ids),
    findByEmail: (emails) =>
      Promise.resolve(new Map(emails.map((email) => [email, matching(rows, { email })] as const))),
    findHidden: () => Promise.resolve([]),
    search: (text, { limit }) => {
      const words = text.toLowerCase().split(' ');
      const found = all().filter(({ email, username }) =>
        words.every((word) => `${email} ${username ?? ''}`.toLowerCase().includes(word)),
      );
      const users = found.slice(0, limit).map((user) => ({ ...user, fullName: null }));
      return Promise.resolve({ users, hasMore: found.length > limit, isComplete: true });
    },
    findNear: (identifier) =>
      Promise.resolve(
        'email' in identifier
          ? all().filter(({ email }) => editDistance(foldEmail(email), foldEmail(identifier.email)) < 3)
          : [],
      ),
    readNames: () => Promise.resolve(new Map()),
    count: () => Promise.resolve(rows.size),
    async *list() {
      yield* await Promise.resolve(all());
    },
    async *select(selection) {
      yield await Promise.resolve(selected(all(), selection));
    },
    newestHashes: () => Promise.resolve(all().map(({ encoded }) => encoded ?? '')),
    checkConditions: () => Promise.resolve([]),
    whichHold: () => Promise.resolve([]),
    whoHolds: () => Promise.resolve(new Set()),
    ping: () => Promise.resolve(),
    assertFits: () => undefined,
    transaction,
    within: () => {
      throw new Error('No transaction of ours reaches a list.');
    },
    endWithLock: () => Promise.resolve(() => Promise.resolve(0)),
    restorePassword: async (user, encoded) => {
      const stored = rows.get(user.id)?.encoded;
      if (stored === user.encoded) return 'unchanged';
      if (stored !== encoded) return 'changed';
      await transaction((users) => users.lock([user], user.encoded ?? ''));
      return 'restored';
    },
    add: () => Promise.reject(new ResetError('usage_invalid', 'Nobody is added to a list.')),
  };
}

/** Nothing but a password opens these accounts. */
const nothingElse: AccessReader & AccessWriter = {
  knownAccess: () => Promise.resolve([]),
  survivingAccess: () => Promise.resolve([]),
  isHeld: () => Promise.resolve(false),
  countAccess: () => Promise.resolve({ count: 0, since: null }),
  traceAccess: () => Promise.resolve([]),
  findHolders: () => Promise.resolve(new Set()),
  passwordChangedAt: () => Promise.resolve(null),
  endAccess: () => Promise.resolve(),
  demandChange: () => Promise.resolve(),
};

const changing = (rows: Rows): UsersTransaction => ({
  ...nothingElse,
  find: (identifier) => {
    const users = matching(rows, identifier);
    const only = chooseUser(users);
    if (only || users.length === 0) return Promise.resolve(only);
    const details = { ids: users.map(({ id }) => id) };
    return Promise.reject(new ResetError('user_ambiguous', 'Several match.', { details }));
  },
  get: (ids) =>
    Promise.resolve(
      new Map(usersOf(rows).flatMap((user) => (ids.includes(user.id) ? [[user.id, user] as const] : []))),
    ),
  writePassword: ({ id, seen }, encoded) => {
    const row = rows.get(id);
    if (row === undefined || Object.entries(row).some(([key, value]) => seen[key] !== value))
      return Promise.resolve(false);
    rows.set(id, { ...row, encoded });
    return Promise.resolve(true);
  },
  endWithReset: () => Promise.resolve({ sessionsEnded: 0 }),
  lock: (users, encoded) => {
    for (const { id } of users) rows.set(id, { ...rows.get(id)!, encoded });
    return Promise.resolve();
  },
  hold: () => Promise.resolve(),
  remove: (id) => Promise.resolve(rows.delete(id)),
});

const usersOf = (rows: Rows): User[] =>
  [...rows].map(([id, row]) => ({ id, ...row, name: null, locale: null, refusal: null, seen: { ...row } }));

function matching(rows: Rows, identifier: Identifier): User[] {
  return usersOf(rows).filter((user) => {
    if ('id' in identifier) return user.id === identifier.id;
    if ('username' in identifier) return user.username === identifier.username;
    return foldEmail(user.email) === foldEmail(identifier.email);
  });
}

function selected(users: readonly User[], { ids, where = [], except = [] }: UserSelection): SelectedUser[] {
  const is = (user: User, { column, value }: { column: string; value: string }): boolean => {
    if (!(column in user.seen))
      throw new ResetError('usage_invalid', `Nothing is called ${column}.`, { details: { column } });
    return String(user.seen[column]) === value;
  };
  return users
    .filter((user) => (ids?.includes(user.id) ?? true) && where.every((each) => is(user, each)))
    .map((user) => ({
      ...user,
      isRefused: false,
      isChanged: false,
      isExcepted: except.some((each) => is(user, each)),
    }));
}
