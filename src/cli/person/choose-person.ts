import type { App } from '../../app.ts';
import type { Identifier } from '../../create-reset.ts';
import { ResetError } from '../../errors.ts';
import { offerPeople, type Person } from '../../flows/users/find-people.ts';
import { describeMissing, searchHint } from '../../flows/users/find-resettable-user.ts';
import { oneLine } from '../../values/printable.ts';
import type { Context } from '../command/context.ts';
import { describePerson, peopleTable } from './people-table.ts';

const NOBODY = '';

/** Throws the error, with the people who may be meant, when nobody can be asked or the answer is none. */
export async function choosePerson(
  { ask, output }: Pick<Context, 'ask' | 'output'>,
  app: App,
  identifier: Identifier,
  error: ResetError,
): Promise<Identifier> {
  const people = await offerPeople(app, identifier, error);
  const isAmbiguous = error.code === 'user_ambiguous';
  if (people.length === 0) throw error;
  if (!ask.isPossible || output.isJson) {
    const message = isAmbiguous ? listSeveral(identifier, people) : suggest(identifier, people);
    const details = { ...error.details, [isAmbiguous ? 'users' : 'near']: people };
    throw new ResetError(error.code, message, { cause: error, details });
  }
  output.warn(isAmbiguous ? severalHave(identifier, people) : describeMissing(identifier));
  const choices = people.map((person) => ({ name: describePerson(person), value: person.userId }));
  const none = { name: 'none of these', value: NOBODY };
  const id = await ask.choose(isAmbiguous ? 'Which one?' : 'Did you mean:', [...choices, none]);
  if (id === NOBODY) throw error;
  return { id };
}

function severalHave(identifier: Identifier, people: readonly Person[]): string {
  const [value = ''] = Object.values<string>(identifier);
  const count = people.length === 2 ? 'Two' : String(people.length);
  return `${count} users have ${'email' in identifier ? 'the address' : 'the user name'} ${oneLine(value, 100)}.`;
}

const listSeveral = (identifier: Identifier, people: readonly Person[]): string[] => [
  severalHave(identifier, people),
  ...peopleTable(people),
  `Say which one: --id ${people[0]?.userId ?? ''}`,
];

function suggest(identifier: Identifier, people: readonly Person[]): string[] {
  const near = people.map(describePerson);
  const [only = '', ...others] = near;
  const missing = describeMissing(identifier);
  const offered =
    others.length === 0
      ? [`${missing} Did you mean ${only}?`]
      : [`${missing} Did you mean:`, ...near.map((one) => `  ${one}`)];
  return [...offered, `Name this user by --id ${people[0]?.userId ?? 'ID'}. ${searchHint(identifier)}`];
}
