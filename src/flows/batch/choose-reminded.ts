import type { App } from '../../app.ts';
import type { Batch } from '../../batches/batch.ts';
import { planRows } from '../../batches/plan-rows.ts';
import {
  familyOf,
  nextRecipients,
  numberReminders,
  spare,
  type FamilyMail,
  type Recipient,
} from '../../batches/reminders.ts';
import { rowRange } from '../../batches/row-range.ts';
import { addSkipped } from '../../batches/skip-rows.ts';
import { inTransaction } from '../../db/transaction.ts';
import { finishPlan } from './finish-plan.ts';
import { selectedUsers } from './selected-users.ts';
import { whatIsKnown, type Known } from './who-changed.ts';

/** People of the batch read at a time. */
const PAGE = 2000;

interface Terms {
  readonly afterMs: number;
  readonly max: number;
}

/** A row of the reminder's ledger for everybody who was to get a mail of its parent: planned, or skipped with the reason. */
export async function chooseReminded(app: App, batch: Batch, terms: Terms): Promise<void> {
  const family = await familyOf(app.ledger, batch);
  const [parentId = ''] = family.ids;
  const store = await app.users();
  const keyring = await app.keyring();
  let firstPosition = 0;
  const range = await rowRange(app.ledger, parentId);
  for (let after = range.before; ;) {
    const people = await nextRecipients(app.ledger, parentId, { after, last: range.last, limit: PAGE });
    const last = people.at(-1);
    if (!last) break;
    const users = await store.get(people.map(({ userId }) => userId));
    const known = await whatIsKnown(app.ledger, keyring, family, users);
    await planPage(app, batch, { people, known, terms, firstPosition, isThere: (id) => users.has(id) });
    after = last.rowId;
    firstPosition += PAGE;
  }
  await finishPlan(app, batch);
}

interface Page {
  readonly people: readonly Recipient[];
  readonly known: Known;
  readonly terms: Terms;
  readonly firstPosition: number;
  readonly isThere: (id: string) => boolean;
}

async function planPage(
  app: App,
  batch: Batch,
  { people, known, terms, firstPosition, isThere }: Page,
): Promise<void> {
  const now = app.clock.now();
  const ids = people.map(({ userId }) => userId).filter(isThere);
  const gone = people.filter(({ userId }) => !isThere(userId));
  const verdicts = groupBy(ids, (id) => judge(id, known, terms, now));
  await inTransaction(app.ledger, async (trx) => {
    if (ids.length > 0) {
      for await (const selected of selectedUsers(app, trx, { ids }))
        await planRows(trx, batch, { ...selected, firstPosition, isMailed: true }, now);
    }
    for (const [verdict, group] of verdicts) {
      if (typeof verdict === 'number') await numberReminders(trx, batch.id, group, verdict);
      else await spare(trx, batch.id, group, { reason: verdict, now });
    }
    const lines = gone.map(({ userId, email }) => ({
      id: userId,
      email: email ?? undefined,
      reason: 'user_gone' as const,
    }));
    await addSkipped(trx, batch, lines, now);
  });
}

/** Why somebody is spared; each is a reason in the ledger. */
type Spared = 'changed' | 'not_delivered' | 'waiting' | 'reminded' | 'mailed_lately';

/** Which reminder this person gets now (1, 2, …), or why none. `now` in milliseconds. */
function judge(id: string, { mails, changed }: Known, { afterMs, max }: Terms, now: number): number | Spared {
  if (changed.has(id)) return 'changed';
  const all = mails.get(id) ?? [];
  if (all.some(({ state }) => state === 'queued' || state === 'claimed')) return 'waiting';
  const last = all.at(-1);
  if (!last || !isOut(last)) return 'not_delivered';
  const reminders = all.filter((mail) => mail.reminder !== null && isOut(mail)).length;
  if (reminders >= max) return 'reminded';
  return Number(last.settledAt) > now - afterMs ? 'mailed_lately' : reminders + 1;
}

/** Sent, or perhaps: the server's answer was lost. */
const isOut = ({ state }: FamilyMail): boolean => state === 'sent' || state === 'unknown';

function groupBy<K>(ids: readonly string[], keyOf: (id: string) => K): Map<K, string[]> {
  const groups = new Map<K, string[]>();
  for (const id of ids) {
    const key = keyOf(id);
    const group = groups.get(key);
    if (group) group.push(id);
    else groups.set(key, [id]);
  }
  return groups;
}
