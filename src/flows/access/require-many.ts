import type { App } from '../../app.ts';
import type { Actor, SelectedUser, User } from '../../types.ts';
import type { ColumnValue } from '../../users/store/selection.ts';
import { inBoth } from '../both/in-both.ts';
import { settleIntents } from '../both/settle-intents.ts';
import { changeFlag, findFlag, whoIsFlagged, type Flag } from './change-flag.ts';
import { notePage, type PageFacts } from './finish-require.ts';
import { assertTicket, auditingRefusals, countMany, findProtected } from './guard-operator.ts';

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
  const flag = await auditing(app, request, async () => {
    assertTicket(app, request.actor);
    return findFlag(app, request.isUndo);
  });
  await settleIntents(app, { kind: 'require' });
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
  await auditing(app, request, () => countMany(app, actor, chosen));
  let changed = 0;
  for await (const page of pages(app, request)) {
    if (signal.aborted) return { changed, isComplete: false };
    const sorted = await sort(app, request, flag, page);
    const users = sorted.users.slice(0, chosen - changed); // those who were counted, and no more
    if (users.length === 0) continue;
    await changePage(app, { flag, isUndo, actor }, users);
    changed += users.length;
    onChanged(changed);
  }
  return { changed, isComplete: true };
}

const auditing = <T>(app: App, { actor }: RequireMany, work: () => Promise<T>): Promise<T> =>
  auditingRefusals(app, { actor, kinds: ['must-change'] }, work);

async function changePage(
  app: App,
  { flag, isUndo, actor }: Pick<RequireMany, 'isUndo' | 'actor'> & { readonly flag: Flag },
  users: readonly User[],
): Promise<void> {
  const now = app.clock.now();
  const facts: PageFacts = { isUndo, actor, users: users.map(({ id }) => id) };
  await inBoth(app, {
    intent: () => Promise.resolve({ kind: 'require', facts }),
    claim: () => Promise.resolve(),
    write: (within) => changeFlag(within, { flag, isUndo, now }, users),
    finish: (ledger) => notePage(ledger, facts, now),
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
