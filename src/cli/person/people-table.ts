import type { Person } from '../../flows/users/find-people.ts';
import { fitWidth } from '../../values/display-width.ts';
import { localStamp } from '../../values/instant.ts';
import { oneLine } from '../../values/printable.ts';
import { alignColumns } from '../terminal/columns.ts';

/** The words for the narrow column "signs in", and those for a sentence. */
const SIGNS_IN = { password: 'password', other: 'elsewhere', none: 'not yet' } as const;
const SIGN_IN = { password: 'password', other: 'signs in elsewhere', none: 'no password yet' } as const;

/**
 * People as a table: who they are, and what decides about a reset. At a terminal it fits its width, as two lines a
 * person where one is too short (long ids); without a width nothing is cut.
 */
export function peopleTable(people: readonly Person[], width?: number): string[] {
  const column = (header: string, cellOf: (person: Person) => string | null, least?: number) => ({
    header,
    cells: people.map((person) => oneLine(cellOf(person) ?? '')),
    ...(least === undefined ? {} : { least }),
  });
  const columns = [
    column('id', ({ userId }) => userId),
    column('user name', usernameOf, 9),
    column('name', ({ name }) => name, 10),
    column('address', ({ email }) => email, 18),
    column('active', ({ isActive }) => (isActive ? 'yes' : 'no')),
    column('signs in', ({ signsIn }) => SIGNS_IN[signsIn]),
    column('reset', ({ lastResetAt }) => dayOf(lastResetAt)),
  ];
  return alignColumns(columns, width) ?? people.flatMap((person) => twoLines(person, width ?? 80));
}

/** One person in a line: `susan@example.com (Susan Miller, user name susan, id 1), not active`. */
export function describePerson(person: Person): string {
  const { userId, email, name, isActive, signsIn } = person;
  const username = usernameOf(person);
  const known = [email, username, name, `user ${userId}`].filter(
    (fact) => fact !== null && fact.trim() !== '',
  );
  const who = [name, username === null ? null : `user name ${username}`, `id ${userId}`];
  const facts = [
    `${known[0] ?? ''} (${who.filter((fact) => fact !== null).join(', ')})`,
    isActive ? null : 'not active',
    signsIn === 'password' ? null : SIGN_IN[signsIn],
  ];
  return oneLine(facts.filter((fact) => fact !== null).join(', '));
}

function twoLines(person: Person, width: number): string[] {
  const { userId, name, email, isActive, signsIn, lastResetAt } = person;
  const reset = lastResetAt === null ? 'never reset' : `reset ${dayOf(lastResetAt)}`;
  const state = [isActive ? 'active' : 'not active', SIGN_IN[signsIn], reset];
  const who = [name, usernameOf(person)].filter((fact) => fact !== null);
  return [
    fitWidth(`${oneLine(userId)}  ${oneLine(email)}`, width),
    `  ${fitWidth(oneLine([...who, ...state].join(', ')), width - 2)}`,
  ];
}

/** Not where the address is the user name. */
const usernameOf = ({ username, email }: Person): string | null => (username === email ? null : username);

const dayOf = (at: string | null): string => (at === null ? 'never' : localStamp(at).slice(0, 10));
