import { findPeople, type Person } from '../../flows/users/find-people.ts';
import { plainAddress } from '../../values/plain-address.ts';
import { plural } from '../../values/plural.ts';
import { programName } from '../../values/program-name.ts';
import type { Command } from '../command/context.ts';
import { withApp } from '../command/open-app.ts';
import { peopleTable } from '../person/people-table.ts';
import { waitFor } from '../terminal/waiting.ts';

/** `reset user find`: who is it? */
export const userFind: Command = (context, words) =>
  withApp(context, { needed: ['database'] }, async ({ app }) => {
    const { output } = context;
    const { people, hasMore, isComplete } = await waitFor(context, 'the search', () =>
      findPeople(app, plainAddress(words.join(' '))),
    );
    const shown = output.isJson ? people : screenful(people);
    if (output.isJson) for (const person of people) output.result(person, '');
    else output.raw(peopleTable(shown, columns()).join('\n'));
    const more = 'Give more of the address or the name.';
    if (!isComplete) output.warn(`The search had to stop before it had looked at everybody. ${more}`);
    else if (hasMore || shown.length < people.length)
      output.warn(`More than these ${shown.length} match. ${more}`);
    else
      output.info(
        `${plural(people.length, 'person', 'people')}. Mail a link: ${programName} send --id ${people[0]?.userId ?? 'ID'}`,
      );
    return 0;
  });

const columns = (): number | undefined => (process.stdout.isTTY ? process.stdout.columns || 80 : undefined);

/** What fits on the screen between the command and the last line. */
function screenful(people: readonly Person[]): readonly Person[] {
  const room = process.stdout.isTTY ? (process.stdout.rows || 24) - 3 : Infinity;
  let shown = people;
  while (shown.length > 1 && peopleTable(shown, columns()).length > room) shown = shown.slice(0, -1);
  return shown;
}
