import type { Db } from '../../db/connect.ts';
import { explainDatabaseError } from '../../db/errors.ts';
import type { User } from '../../types.ts';
import { isEmail } from '../../values/email.ts';
import type { UsersMapping } from '../mapping/users-mapping.ts';
import { findUsersByEmail, getUsers } from './find-user.ts';
import { readNames } from './name-columns.ts';
import { askIndexes, scanUsers } from './scan-users.ts';
import { containsAll, searchColumns } from './search-sql.ts';
import { askStorable } from './storable.ts';
import { wordsOf } from './words.ts';
import type { FoundUser, Search, SearchOptions } from '../store/search.ts';

/**
 * Users whose address, user name, name or id hold every word of the text, in whatever case. What indexes know is asked
 * first; then the table is read, as long as the budget lasts. Throws database errors as explainDatabaseError says.
 */
export async function searchUsers(
  db: Db,
  mapping: UsersMapping,
  text: string,
  options: SearchOptions,
): Promise<Search> {
  const words = wordsOf(text);
  if (words.length === 0) return { users: [], hasMore: false, isComplete: true };
  try {
    return await search(db, mapping, words, options);
  } catch (error) {
    throw explainDatabaseError(error) ?? error;
  }
}

async function search(
  db: Db,
  mapping: UsersMapping,
  words: readonly string[],
  { limit, budgetMs }: SearchOptions,
): Promise<Search> {
  const text = words.join(' ');
  const ids = new Set((await findExactly(db, mapping, text)).map(({ id }) => id));
  const isNamed = ids.size > 0 && isEmail(text); // nobody else has this address
  let isComplete = true;
  if (!isNamed) {
    const columns = searchColumns(mapping);
    const wanted = { matches: containsAll(db, columns, words), limit: limit + 1 + ids.size };
    const beginnings = columns
      .filter(({ source, column }) => source !== 'user' || column !== mapping.id)
      .flatMap((column) => words.map((begins) => ({ column, begins })));
    const add = async (ask: () => Promise<readonly { id: string }[]>): Promise<void> => {
      for (const { id } of await askStorable([text], async () => [...(await ask())])) ids.add(id);
    };
    await add(() => askIndexes(db, mapping, beginnings, wanted));
    if (ids.size <= limit) {
      await add(async () => {
        const scan = await scanUsers(db, mapping, wanted, budgetMs);
        isComplete = scan.isComplete;
        return scan.found;
      });
    }
  }
  const users = await describe(db, mapping, [...ids]);
  const ranked = users.sort((one, other) => rank(one, text) - rank(other, text));
  return { users: ranked.slice(0, limit), hasMore: ranked.length > limit, isComplete };
}

/** By the whole address or the whole id. */
async function findExactly(db: Db, mapping: UsersMapping, text: string): Promise<User[]> {
  const byId = await getUsers(db, mapping, [text]);
  const byEmail = isEmail(text) ? await findUsersByEmail(db, mapping, [text]) : new Map<string, User[]>();
  return [...byId.values(), ...[...byEmail.values()].flat()];
}

async function describe(db: Db, mapping: UsersMapping, ids: readonly string[]): Promise<FoundUser[]> {
  const users = await getUsers(db, mapping, ids);
  const names = await readNames(db, mapping, ids);
  return ids.flatMap((id) => {
    const user = users.get(id);
    return user ? [{ ...user, fullName: names.get(user.id) ?? null }] : [];
  });
}

/** 0: it is the text; 1: begins with it; 2: every word begins a word; 3: holds the words somewhere. */
function rank({ id, email, username, fullName }: FoundUser, text: string): number {
  const wanted = text.toLowerCase();
  const values = [id, email, username ?? '', fullName ?? ''].map((value) => value.toLowerCase());
  if (values.includes(wanted)) return 0;
  if (values.some((value) => value.startsWith(wanted))) return 1;
  const beginnings = values.flatMap((value) => value.split(/[\s.@_-]+/));
  const isEach = wanted.split(' ').every((word) => beginnings.some((part) => part.startsWith(word)));
  return isEach ? 2 : 3;
}
