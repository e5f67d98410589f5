import type { Db } from '../../db/connect.ts';
import { explainDatabaseError } from '../../db/errors.ts';
import type { User } from '../../types.ts';
import { foldEmail } from '../../values/email.ts';
import { editDistance } from '../../values/nearest.ts';
import { sourceOf, type UsersMapping } from '../mapping/users-mapping.ts';
import type { Identifier } from '../store/identifier.ts';
import { getUsers } from './find-user.ts';
import { askIndexes, scanUsers, type Beginning, type Candidate } from './scan-users.ts';
import { anyOf, likeSql, type SearchColumn, type Shape } from './search-sql.ts';
import { askStorable } from './storable.ts';
import { wordsOf } from './words.ts';

/** How many are offered. */
const OFFERED = 3;
/** Whose spelling is compared, of those that the database finds by a beginning or an end. */
const COMPARED = 1000;
/** How long a table without indexes is read (milliseconds): a person is waiting for an error message. */
const BUDGET_MS = 1000;

interface Shaped {
  readonly column: SearchColumn;
  readonly shape: Shape;
}

/**
 * Up to three users who may be meant by somebody who typed an address or a user name that nobody has: the same name at
 * another domain, a similar one at the same domain, a user name of this spelling. Nearest first. Throws database errors
 * as explainDatabaseError says.
 */
export async function findNearUsers(db: Db, mapping: UsersMapping, identifier: Identifier): Promise<User[]> {
  if ('id' in identifier) return [];
  const [typed = ''] = wordsOf('email' in identifier ? identifier.email : identifier.username);
  if (typed === '') return [];
  try {
    const near = nearest(typed, await askStorable([typed], () => candidates(db, mapping, typed)));
    const users = await getUsers(db, mapping, near);
    return near.map((id) => users.get(id)).filter((user) => user !== undefined);
  } catch (error) {
    throw explainDatabaseError(error) ?? error;
  }
}

async function candidates(db: Db, mapping: UsersMapping, typed: string): Promise<Candidate[]> {
  const shapes = shapesOf(mapping, typed);
  const email: SearchColumn = shapes.email.column;
  const name = `${email.source === 'email' ? 'e' : 'u'}.${email.column}`;
  const wanted = {
    matches: anyOf(
      db,
      [...shapes.all].map(({ column, shape }) => likeSql(db, column, shape)),
    ),
    limit: COMPARED,
    order: db.raw('abs(length(??) - ?)', [name, typed.length]),
  };
  const beginnings = shapes.all.flatMap(({ column, shape }): Beginning[] => {
    const begins = shape.begins ?? shape.is;
    return begins === undefined ? [] : [{ column, begins }];
  });
  const known = await askIndexes(db, mapping, beginnings, wanted);
  if (nearest(typed, known).length > 0) return known;
  return (await scanUsers(db, mapping, wanted, BUDGET_MS)).found;
}

function shapesOf(mapping: UsersMapping, typed: string): { email: Shaped; all: Shaped[] } {
  const columnOf = (source: 'user' | 'email', column: string): SearchColumn => ({
    source,
    column,
    isBinary: mapping.facts[`${source}.${column}`]?.kind === 'binary',
  });
  const email = columnOf(sourceOf(mapping, 'email') === 'email' ? 'email' : 'user', mapping.email);
  const { local, domain } = partsOf(typed);
  const third = Math.max(1, Math.floor(local.length / 3));
  const end = domain === '' ? '' : `@${domain}`;
  const sameName: Shaped = { column: email, shape: { begins: `${local}@` } };
  const shapes: Shaped[] = [sameName];
  if (domain !== '') {
    shapes.push({ column: email, shape: { begins: local.slice(0, third), ends: end } });
    shapes.push({ column: email, shape: { ends: `${local.slice(-third)}${end}` } });
  }
  if (mapping.username !== undefined) {
    const username = columnOf('user', mapping.username);
    shapes.push({ column: username, shape: { is: local } }, { column: username, shape: { is: typed } });
    if (domain === '') shapes.push({ column: username, shape: { begins: local.slice(0, third) } });
  }
  return { email: sameName, all: shapes };
}

function partsOf(typed: string): { local: string; domain: string } {
  const folded = foldEmail(typed);
  const at = folded.lastIndexOf('@');
  return at < 0
    ? { local: folded, domain: '' }
    : { local: folded.slice(0, at), domain: folded.slice(at + 1) };
}

/** The ids of those who are near enough to be meant. */
function nearest(typed: string, known: readonly Candidate[]): string[] {
  const ranked = known
    .map((candidate) => ({ id: candidate.id, distance: distanceOf(typed, candidate) }))
    .filter(({ distance }) => distance !== undefined)
    .sort((one, other) => (one.distance ?? 0) - (other.distance ?? 0));
  return [...new Set(ranked.map(({ id }) => id))].slice(0, OFFERED);
}

/** undefined: too far to be meant. Another domain counts little, however different it is. */
function distanceOf(typed: string, { email, username }: Candidate): number | undefined {
  const wanted = partsOf(typed);
  const has = partsOf(email);
  const name = username.toLowerCase();
  if (name !== '' && (name === wanted.local || name === typed.toLowerCase())) return 0;
  const allowed = Math.ceil(wanted.local.length / 4);
  const ofName = editDistance(wanted.local, wanted.domain === '' ? name : has.local);
  if (wanted.local === has.local) return Math.min(editDistance(wanted.domain, has.domain), allowed + 1);
  const isComparable = wanted.domain === '' ? name !== '' : wanted.domain === has.domain;
  return isComparable && ofName <= allowed ? ofName : undefined;
}
