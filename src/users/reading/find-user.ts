import { domainToUnicode } from 'node:url';
import type { Knex } from 'knex';
import { foldEmail, isEmail, sameEmail } from '../../values/email.ts';
import { among } from '../../db/among.ts';
import { dialectOf, type Db } from '../../db/connect.ts';
import { explainDatabaseError } from '../../db/errors.ts';
import { ResetError } from '../../errors.ts';
import { oneLine } from '../../values/printable.ts';
import type { User } from '../../types.ts';
import { assertScalar } from '../columns/criteria.ts';
import { askStorable } from './storable.ts';
import { compactUuid, readUuid } from './uuid.ts';
import { columnOf, prepareUsers, readUsers, type AskForUsers } from './read-users.ts';
import { sourceOf, type UsersMapping } from '../mapping/users-mapping.ts';
import { chooseUser, type Identifier } from '../store/identifier.ts';

/**
 * The one user that the identifier names, or undefined. Addresses are equal when they differ in ASCII letters'
 * case at most; what a collation or citext takes for equal beyond that is not (R64, R68).
 *
 * @throws user_ambiguous with `details.ids` when two users match who both may be reset; database errors as explainDatabaseError says
 */
export async function findUser(
  db: Db,
  mapping: UsersMapping,
  identifier: Identifier,
): Promise<User | undefined> {
  const users = await findAll(db, mapping, identifier).catch((error: unknown) => {
    throw explainDatabaseError(error) ?? error;
  });
  const only = chooseUser(users);
  if (only || users.length === 0) return only;
  const ids = users.map((user) => user.id);
  const listed = users.slice(0, 10).map(describeUser).join('; ');
  throw new ResetError('user_ambiguous', `${users.length} users match: ${listed}. Say which one: --id ID`, {
    details: { ids },
  });
}

/** Nobody recognises a person by an id alone. */
function describeUser({ id, email, username, name, isActive }: User): string {
  const facts = [name ?? username ?? '', email, isActive ? '' : 'not active'].filter((fact) => fact !== '');
  return `id ${id} (${oneLine(facts.join(', '))})`;
}

/** Users by address, for lists: one query for up to a few hundred; the key is the address as given. */
export async function findUsersByEmail(
  db: Db,
  mapping: UsersMapping,
  emails: readonly string[],
): Promise<Map<string, User[]>> {
  const found = await byEmail(db, mapping, emails.filter(isEmail)).catch((error: unknown) => {
    throw explainDatabaseError(error) ?? error;
  });
  const folded = new Map<string, User[]>();
  for (const user of found) {
    const key = foldEmail(user.email);
    folded.set(key, [...(folded.get(key) ?? []), user]);
  }
  return new Map(emails.map((email) => [email, folded.get(foldEmail(email)) ?? []]));
}

/** The users with these ids, in one query, by id; ids that nobody has are absent. */
export async function getUsers(
  db: Db,
  mapping: UsersMapping,
  ids: readonly string[],
): Promise<Map<string, User>> {
  const users = await byIds(db, mapping, ids).catch((error: unknown) => {
    throw explainDatabaseError(error) ?? error;
  });
  const found = new Map(users.map((user) => [user.id, user]));
  // Also by the id as it was asked for: a UUID has many spellings.
  for (const id of ids) {
    const user = idSpellings(mapping, id)
      .map((spelling) => found.get(spelling))
      .find(Boolean);
    if (user) found.set(id, user);
  }
  return found;
}

async function findAll(db: Db, mapping: UsersMapping, identifier: Identifier): Promise<User[]> {
  if ('id' in identifier) {
    assertScalar('id', identifier.id);
    return byIds(db, mapping, [identifier.id]);
  }
  if ('username' in identifier) return byUsername(db, mapping, identifier.username);
  if (typeof identifier.email !== 'string' || !isEmail(identifier.email)) return [];
  const users = await byEmail(db, mapping, [identifier.email]);
  return users.filter((user) => sameEmail(user.email, identifier.email));
}

function byEmail(db: Db, mapping: UsersMapping, emails: readonly string[]): Promise<User[]> {
  const spellings = [...new Set(emails.flatMap(spellingsOf))];
  const source = sourceOf(mapping, 'email');
  const facts = mapping.facts[`${source}.${mapping.email}`];
  const folded = foldedColumn(db, facts?.isCaseInsensitive ?? false, facts?.kind === 'binary');
  if (spellings.length === 0) return Promise.resolve([]);
  return askStorable(spellings, (asked) =>
    readUsers(db, mapping, (query) => {
      const places = asked.map(() => '?').join(', ');
      query.whereRaw(`${folded} in (${places})`, [columnOf(source, mapping.email), ...asked]);
      // For the index that `doctor` proposes, which leaves blank addresses out.
      if (folded === 'lower(??)') query.whereRaw(`?? <> ''`, [columnOf(source, mapping.email)]);
    }),
  ).then(onePerId);
}

/** Two spellings of one address may each have found the same row. */
const onePerId = (users: readonly User[]): User[] => [
  ...new Map(users.map((user) => [user.id, user])).values(),
];

/** A domain may be stored as people write it or in its ASCII form. */
function spellingsOf(email: string): string[] {
  const folded = foldEmail(email);
  const at = folded.lastIndexOf('@') + 1;
  return [folded, folded.slice(0, at) + domainToUnicode(folded.slice(at)), email.toLowerCase()];
}

/** An expression that finds at least every spelling of an address; a column that folds by itself can use its index. */
function foldedColumn(db: Db, isCaseInsensitive: boolean, isBinary: boolean): string {
  switch (dialectOf(db)) {
    case 'sqlite':
      return 'lower(cast(?? as text))';
    case 'postgres':
      if (isBinary) return `lower(convert_from(??, 'UTF8'))`;
      return isCaseInsensitive ? '??' : 'lower(??)';
    case 'mysql':
      return isCaseInsensitive ? '??' : 'lower(convert(?? using utf8mb4))';
  }
}

async function byUsername(db: Db, mapping: UsersMapping, username: string): Promise<User[]> {
  assertScalar('username', username);
  const column = mapping.username;
  if (column === undefined) {
    throw new ResetError(
      'usage_invalid',
      `The table ${mapping.table} has no user names. Use the e-mail or --id.`,
    );
  }
  const isFolded = mapping.facts[`user.${column}`]?.isCaseInsensitive ?? false;
  const users = await askStorable([username], ([asked = '']) =>
    readUsers(db, mapping, (query) => {
      query.where(columnOf('user', column), asked);
    }),
  );
  const fold = (name: string): string => (isFolded ? name.replace(/[A-Z]/g, (c) => c.toLowerCase()) : name);
  return users.filter((user) => fold(user.username ?? '') === fold(username));
}

async function byIds(db: Db, mapping: UsersMapping, ids: readonly string[]): Promise<User[]> {
  const possible = [...new Set(ids.flatMap((id) => idSpellings(mapping, id)))];
  if (possible.length === 0) return [];
  const users = await askStorable(possible, (asked) =>
    asked.length > MAX_PREPARED
      ? readUsers(db, mapping, hasId(db, mapping, asked))
      : askByIds(db, mapping, asked.length)(db, asked),
  );
  // A collation may take another spelling for the same id.
  const wanted = new Set(possible);
  return users.filter((user) => wanted.has(user.id));
}

/** A look at the reset page asks for a few; lists ask for hundreds, and seldom. */
const MAX_PREPARED = 100;
const prepared = new WeakMap<UsersMapping, Map<number, AskForUsers>>();

function askByIds(db: Db, mapping: UsersMapping, count: number): AskForUsers {
  const ofMapping = prepared.get(mapping) ?? new Map<number, AskForUsers>();
  prepared.set(mapping, ofMapping);
  const known = ofMapping.get(count);
  if (known !== undefined) return known;
  const anything = Array.from({ length: count }, String);
  const made = prepareUsers(db, mapping, hasId(db, mapping, anything));
  ofMapping.set(count, made);
  return made;
}

function hasId(db: Db, mapping: UsersMapping, ids: readonly string[]) {
  const isNumber = mapping.facts[`user.${mapping.id}`]?.kind === 'integer' && dialectOf(db) === 'postgres';
  // PostgreSQL types a bare parameter like the column, and an int4 column then refuses a larger number.
  const places = ids.map(() => (isNumber ? 'cast(? as bigint)' : '?')).join(', ');
  return (query: Knex.QueryBuilder): void => {
    const column = columnOf('user', mapping.id);
    if (ids.length > MAX_PREPARED) query.where(among(db, column, ids, isNumber ? 'bigint' : undefined));
    else query.whereRaw(`?? in (${places})`, [column, ...ids]);
  };
}

const INTEGER = /^(0|-?[1-9]\d{0,18})$/;
const largestId = 2n ** 63n - 1n;
const isIntegerId = (id: string): boolean => INTEGER.test(id) && BigInt(id) <= largestId;

/**
 * The ways in which this table may hold the id; none for what cannot be one. PostgreSQL would refuse the whole query for
 * an id of the wrong shape, and MySQL would take `1abc` for 1.
 */
function idSpellings(mapping: UsersMapping, id: string): string[] {
  const kind = mapping.facts[`user.${mapping.id}`]?.kind;
  if (kind === 'integer' || kind === 'number') return isIntegerId(id) ? [id] : [];
  const uuid = readUuid(id);
  if (kind === 'uuid') return uuid === undefined ? [] : [uuid];
  if (id === '' || id.includes('\0')) return [];
  return uuid === undefined ? [id] : [...new Set([id, uuid, compactUuid(uuid)])];
}
