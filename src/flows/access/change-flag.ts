import type { App } from '../../app.ts';
import { ResetError } from '../../errors.ts';
import type { User } from '../../types.ts';
import type { AccessReader, KnownAccess } from '../../users/store/known-access.ts';
import type { UsersTransaction } from '../../users/store/users-store.ts';
import { programName } from '../../values/program-name.ts';

/** Where the application keeps that a person must choose a new password at the next login. */
export type Flag = readonly KnownAccess[];

/** Throws access_unknown where the application has no such flag that SQL can set, or lift. */
export async function findFlag(app: App, isUndo: boolean): Promise<Flag> {
  const entries = await (await app.users()).knownAccess();
  const flag = entries.filter((entry) =>
    isUndo ? entry.kind === 'must-change' && entry.canEnd : entry.canDemand,
  );
  if (flag.length > 0) return flag;
  throw new ResetError(
    'access_unknown',
    `The preset ${app.config.users.preset} knows no column here by which the application asks for a new password at the next login. Nothing was changed. Mail a link instead: ${programName} send EMAIL. So that the old password no longer works: ${programName} send EMAIL --lock`,
    { details: { kinds: [...new Set(entries.map(({ kind }) => kind))] } },
  );
}

/** Who of these has the flag: their ids. */
export async function whoIsFlagged(
  store: AccessReader,
  flag: Flag,
  users: readonly User[],
): Promise<Set<string>> {
  const found = new Set<string>();
  for (const entry of flag) for (const id of await store.findHolders(entry, users)) found.add(id);
  return found;
}

/** Sets or lifts it for all of these, and reads it back. Throws config_invalid where the database kept the old state. */
export async function changeFlag(
  within: UsersTransaction,
  { flag, isUndo, now }: { readonly flag: Flag; readonly isUndo: boolean; readonly now: number },
  users: readonly User[],
): Promise<void> {
  for (const entry of flag) {
    if (isUndo) await within.endAccess(entry, users, now);
    else await within.demandChange(entry, users, now);
  }
  const flagged = await whoIsFlagged(within, flag, users);
  const wrong = users.filter(({ id }) => flagged.has(id) === isUndo);
  if (wrong.length === 0) return;
  const some = wrong.slice(0, 5).map(({ id }) => id);
  throw new ResetError(
    'config_invalid',
    `The database kept the old state of ${wrong.length} of ${users.length} users (user ${some.join(', ')}${wrong.length > 5 ? ', …' : ''}). None of these was changed. Look for triggers and rules, then: ${programName} doctor`,
    { details: { ids: wrong.map(({ id }) => id) } },
  );
}
