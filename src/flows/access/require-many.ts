import type { App } from '../../app.ts';
import { record } from '../../audit/record.ts';
import type { Db } from '../../db/connect.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { Actor, SelectedUser, User } from '../../types.ts';
import type { ColumnValue } from '../../users/store/selection.ts';
import type { UsersTransaction } from '../../users/store/users-store.ts';
import { changeFlag, findFlag, whoIsFlagged, type Flag } from './change-flag.ts';
import { assertTicket, countMany, findProtected } from './guard-operator.ts';

export interface RequireMany {
  readonly where: readonly ColumnValue[];
  readonly except: readonly ColumnValue[];
  /** lift it instead */
  readonly isUndo: boolean;
  readonly actor: Actor;
  readonly forceProtected?: boolean;
}

/** Why somebody of the selection is left as is. */
export type Spared = 'excepted' | 'refused' | 'inactive' | 'no_password' | 'protected' | 'already';

export interface ManyCounts {
  readonly total: number;
  /** who gets the flag, or loses it */
  readonly chosen: number;
  readonly spared: Readonly<Partial<Record<Spared, number>>>;
}

export interface RequireOptions {
  /** stops after the current step */
  readonly signal: AbortSignal;
  readonly onChanged: (changed: number) => void;
}

/** Who would be changed. Throws access_unknown, usage_invalid (also for a column that is not there), config_invalid. */
export async function planRequireMany(app: App, request: RequireMany): Promise<ManyCounts> {
  assertTicket(app, request.actor);
  const flag = await findFlag(app, request.isUndo);
  const counts = new Counts();
  for await (const page of pages(app, request)) counts.add(await sort(app, request, flag, page));
  return counts.value();
}

/**
 * A page of users in each transaction, with its row in the audit. What a person has is the state: whoever has the flag
 * is left out, so the same call goes on where another one was stopped. Nobody is mailed: the application asks at the login.
 *
 * @returns how many were changed, and whether everybody was seen
 * @throws as `planRequireMany`, and throttled
 */
export async function requireMany(
  app: App,
  request: RequireMany,
  { chosen }: Pick<ManyCounts, 'chosen'>,
  { signal, onChanged }: RequireOptions,
): Promise<{ readonly changed: number; readonly isComplete: boolean }> {
  const { isUndo, actor } = request;
  const flag = await findFlag(app, isUndo);
  await countMany(app, actor, chosen);
  let changed = 0;
  for await (const page of pages(app, request)) {
    if (signal.aborted) return { changed, isComplete: false };
    const { users } = await sort(app, request, flag, page);
    if (users.length === 0) continue;
    await changePage(app, { flag, isUndo, actor }, users);
    changed += users.length;
    onChanged(changed);
  }
  return { changed, isComplete: true };
}

/** Apart, the row comes first: better one about a page that was not changed than a change that nobody knows of. */
async function changePage(
  app: App,
  { flag, isUndo, actor }: Pick<RequireMany, 'isUndo' | 'actor'> & { readonly flag: Flag },
  users: readonly User[],
): Promise<void> {
  const store = await app.users();
  const now = app.clock.now();
  const change = (within: UsersTransaction) => changeFlag(within, { flag, isUndo, now }, users);
  const note = (db: Db) =>
    record(db, now, {
      event: isUndo ? 'change_lifted' : 'change_demanded',
      result: 'ok',
      actor,
      details: { users: users.length, firstId: users[0]?.id, lastId: users.at(-1)?.id },
    });
  if (store.isApart) {
    await note(app.ledger);
    return store.transaction(change);
  }
  await inTransaction(app.ledger, async (trx) => {
    await change(store.within(trx));
    await note(trx);
  });
}

async function* pages(app: App, { where, except }: RequireMany): AsyncGenerator<readonly SelectedUser[]> {
  yield* (await app.users()).select({ where, except });
}

interface Sorted {
  readonly users: readonly User[];
  readonly spared: readonly Spared[];
}

async function sort(
  app: App,
  { isUndo, forceProtected = false }: RequireMany,
  flag: Flag,
  page: readonly SelectedUser[],
): Promise<Sorted> {
  const ids = page.map(({ id }) => id);
  const store = await app.users();
  const users = await store.get(ids);
  const flagged = await whoIsFlagged(store, flag, [...users.values()]);
  const guarded = forceProtected ? new Set<string>() : await findProtected(app, [...users.values()]);
  const chosen: User[] = [];
  const spared: Spared[] = [];
  for (const selected of page) {
    const user = users.get(selected.id);
    const why = user === undefined ? 'inactive' : whyNot(selected, user, isUndo);
    if (why !== undefined) spared.push(why);
    else if (flagged.has(selected.id) !== isUndo) spared.push('already');
    else if (guarded.has(selected.id)) spared.push('protected');
    else if (user !== undefined) chosen.push(user);
  }
  return { users: chosen, spared };
}

function whyNot(selected: SelectedUser, user: User, isUndo: boolean): Spared | undefined {
  if (selected.isExcepted) return 'excepted';
  if (isUndo) return undefined;
  if (selected.isRefused) return 'refused';
  if (!selected.isActive) return 'inactive';
  return user.encoded === null || user.encoded === '' ? 'no_password' : undefined;
}

class Counts {
  #total = 0;
  #chosen = 0;
  readonly #spared: Partial<Record<Spared, number>> = {};

  add({ users, spared }: Sorted): void {
    this.#total += users.length + spared.length;
    this.#chosen += users.length;
    for (const why of spared) this.#spared[why] = (this.#spared[why] ?? 0) + 1;
  }

  value(): ManyCounts {
    return { total: this.#total, chosen: this.#chosen, spared: { ...this.#spared } };
  }
}
