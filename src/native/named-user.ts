import type { Issuer, OpenIssuer, Person, Site, Verdict, Whose } from './issuer.ts';

/** What a token says of the user without a column of its own. */
const FIELDS: readonly string[] = ['id', 'email', 'username'];

/** Columns of the users table that the name needs, beside those of the mapping. */
const columnsFor = (of: string): readonly string[] => (FIELDS.includes(of) ? [] : [of]);

/** What names the person in a token, as text. */
export function nameOf(person: Person, of: string): string {
  if (of === 'id') return person.id;
  if (of === 'email') return person.email;
  return of === 'username' ? (person.username ?? '') : String(person.columns[of] ?? '');
}

type Users = Pick<Site, 'db' | 'table' | 'id'>;

/** The user that a token names, as the flows look for them. */
export async function whoseName(
  { db, table, id }: Users,
  of: string,
  name: string | undefined,
): Promise<Whose> {
  if (name === undefined) return undefined;
  if (of === 'id') return { id: name };
  if (of === 'email') return { email: name };
  if (of === 'username') return { username: name };
  const row = await db(table).where(of, name).first<{ id: unknown } | undefined>({ id });
  return row && { id: String(row.id) };
}

/** Whose a token is, and what the application would say of it, by the name that `read` finds in it. */
export const knownByName = <Found extends { readonly name: string }>(
  users: Users,
  of: string,
  read: (token: string) => Found | undefined,
  verdict: (found: Found, now: number) => Verdict,
): Pick<OpenIssuer, 'whose' | 'check'> => ({
  whose: (_db, { token = '' }) => whoseName(users, of, read(token)?.name),
  check: (_db, person, { token = '' }, now) => {
    const found = read(token);
    return Promise.resolve(found?.name === nameOf(person, of) ? verdict(found, now) : { state: 'invalid' });
  },
});

/** What is alike where a token names its user, is signed with SECRET_KEY, and written down nowhere. */
export const underSecretKey = (of: string) =>
  ({
    secret: 'SECRET_KEY',
    olderSecrets: null,
    columns: columnsFor(of),
    tail: '/{token}',
    replaces: false,
    outlivesUse: true,
  }) satisfies Partial<Issuer>;

/** For `unknown`: nothing in such a token tells its first use from its second. */
export const WORKS_ONCE = 'whether a link works only once: the token itself does not enforce it';
