import type { App } from '../../app.ts';
import type { Line } from '../../batches/read-lines.ts';
import type { User } from '../../types.ts';
import { sameEmail } from '../../values/email.ts';
import { plainAddress } from '../../values/plain-address.ts';

/** Lines looked up at a time: a table without an index on the folded address is read once for each page. */
export const PAGE = 4000;

export interface Resolved {
  readonly line: Line;
  /** none, one, or all with one address; `chooseUser` picks the one to reset */
  readonly users: readonly User[];
  /** its id and its address name different people: `users` has all of them */
  readonly isContradictory: boolean;
}

/** The users of lines: by id where there is one, else by address. An id whose user has another address is marked. */
export async function resolveLines(app: App, lines: readonly Line[]): Promise<Resolved[]> {
  const store = await app.users();
  const ids = lines.flatMap(({ id }) => id ?? []);
  const byId = await store.get([...new Set(ids)]);
  const userOf = ({ id }: Line) => byId.get(id ?? '');
  const contradicts = (line: Line): boolean => {
    const user = userOf(line);
    return user !== undefined && line.email !== undefined && !hasAddress(user, line.email);
  };
  const emails = lines.flatMap((line) =>
    line.id === undefined || contradicts(line) ? (line.email ?? []) : [],
  );
  const byEmail = await store.findByEmail([...new Set(emails)]);
  return lines.map((line): Resolved => {
    const isContradictory = contradicts(line);
    const byItsId = userOf(line);
    const named = byEmail.get(line.email ?? '') ?? [];
    return {
      line,
      users: [...(byItsId ? [byItsId] : []), ...(line.id === undefined || isContradictory ? named : [])],
      isContradictory,
    };
  });
}

const hasAddress = (user: User, email: string): boolean => sameEmail(plainAddress(user.email), email);

/** Some thousand lines at a time. */
export async function* inPages<T>(all: AsyncIterable<T>): AsyncGenerator<T[]> {
  let page: T[] = [];
  for await (const each of all) {
    page.push(each);
    if (page.length < PAGE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}
