import type { App } from '../../app.ts';
import { record } from '../../audit/record.ts';
import type { Db } from '../../db/connect.ts';
import type { Intent } from '../../intents/intent-store.ts';
import type { Actor } from '../../types.ts';
import type { UsersReader } from '../../users/store/users-store.ts';
import type { Finish } from '../both/look.ts';
import { readSettledUsers } from '../both/users-side.ts';
import { findFlag, whoIsFlagged } from './change-flag.ts';

/** All that our tables get to know of one page of a `require` of many. */
export interface PageFacts {
  readonly isUndo: boolean;
  readonly actor: Actor;
  /** ids */
  readonly users: readonly string[];
}

/** The row in the audit. */
export const notePage = (ledger: Db, { isUndo, actor, users }: PageFacts, now: number): Promise<void> =>
  record(ledger, now, {
    event: isUndo ? 'change_lifted' : 'change_demanded',
    result: 'ok',
    actor,
    details: { users: users.length, firstId: users[0], lastId: users.at(-1) },
  });

/** For a process that died: nobody of a page had the flag before, so whoever has it now was asked; and the other way round. */
export async function lookForRequired(
  app: App,
  { facts, createdAt }: Intent,
  held?: UsersReader,
): Promise<Finish | undefined> {
  const page = facts as PageFacts;
  const flag = await findFlag(app, page.isUndo);
  const there = await readSettledUsers(app, page.users, held);
  const flagged = await whoIsFlagged(held ?? (await app.users()), flag, [...there.values()]);
  const users = page.users.filter((id) => there.has(id) && flagged.has(id) !== page.isUndo);
  return users.length === 0 ? undefined : (ledger) => notePage(ledger, { ...page, users }, createdAt);
}
