import type { App } from '../../app.ts';
import { ResetError } from '../../errors.ts';
import type { User } from '../../types.ts';
import { LETS_IN, type AccessKind } from '../../users/store/access-kinds.ts';
import { nameUser } from '../../values/name-user.ts';
import { programName } from '../../values/program-name.ts';
import type { Surveyed } from './survey.ts';

export interface Chosen {
  readonly kinds: readonly AccessKind[] | 'all';
}

/** What of it is asked for and there. Throws access_unknown and usage_invalid. */
export function choose(
  surveyed: readonly Surveyed[],
  { kinds }: Chosen,
  user: User,
  app: App,
): readonly Surveyed[] {
  const known = [...new Set(surveyed.map(({ item }) => item.kind))];
  // A lockout and a demand for a new password end only when they are named.
  const wanted: readonly AccessKind[] = kinds === 'all' ? LETS_IN : kinds;
  const unknown = kinds === 'all' ? [] : kinds.filter((kind) => !known.includes(kind));
  if (unknown.length > 0) throw unknownKinds(app, unknown, known);
  const chosen = surveyed.filter(({ item }) => wanted.includes(item.kind) && item.count > 0);
  if (chosen.length > 0) return chosen;
  const who = nameUser({ userId: user.id, email: user.email });
  const what = kinds === 'all' ? 'nothing that could be ended here' : `no ${kinds.join(', no ')}`;
  throw new ResetError(
    'usage_invalid',
    `${who} has ${what}. Nothing was changed. See: ${programName} access show --id ${user.id}`,
    { details: { limit: 'nothing_there' } },
  );
}

function unknownKinds(app: App, unknown: readonly string[], known: readonly string[]): ResetError {
  const { preset } = app.config.users;
  const there = known.length === 0 ? 'none' : known.join(', ');
  return new ResetError(
    'access_unknown',
    `The preset ${preset} finds no ${unknown.join(' and no ')} in this database. It knows: ${there}.`,
    { details: { kinds: known } },
  );
}
