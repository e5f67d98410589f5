import type { App } from '../../app.ts';
import type { Batch } from '../../batches/batch.ts';
import { nextPeople, peopleOf } from '../../batches/people-of.ts';
import type { LedgerRow } from '../../batches/read-ledger.ts';
import type { RecipientRow } from '../../batches/write-report.ts';
import type { User } from '../../types.ts';
import type { AccessKind } from '../../users/store/access-kinds.ts';
import type { AccessReader, KnownAccess } from '../../users/store/known-access.ts';
import { inPages } from '../../values/in-pages.ts';
import { countOf, type AccessItem } from './survey.ts';

/** What a reset leaves in place for some people of a batch. */
export interface Surviving {
  readonly kind: AccessKind;
  /** what the application calls it, where it has several of a kind */
  readonly name: string | null;
  /** how many people of the batch have some of it */
  readonly people: number;
  readonly canEnd: boolean;
}

/** Users looked at in one query. */
const PAGE = 5000;

/** What of one user's a reset leaves in place. */
export async function survivingFor(store: AccessReader, user: User): Promise<AccessItem[]> {
  const items: AccessItem[] = [];
  for (const entry of await store.survivingAccess()) items.push(await countOf(store, entry, user));
  return items.filter(({ count }) => count > 0);
}

/** What stays in place for the people of a batch: neither a reset ends it nor the batch's own lock. */
export async function survivingOfBatch(
  app: App,
  batch: Pick<Batch, 'id' | 'isLocking' | 'ends'>,
): Promise<Surviving[]> {
  const surviving: Surviving[] = [];
  for (const entry of await keptBy(app, batch)) {
    const people = await countPeople(app, batch, entry);
    const { kind, name = null, canEnd } = entry;
    if (people > 0) surviving.push({ kind, name, people, canEnd });
  }
  return surviving;
}

async function keptBy(app: App, { ends }: Pick<Batch, 'ends'>): Promise<readonly KnownAccess[]> {
  const ended = (ends ?? '').split(',');
  const entries = await (await app.users()).survivingAccess();
  return entries.filter(({ kind, canEnd }) => !canEnd || !ended.includes(kind));
}

/** In one statement, where one reaches both the users and our tables. */
async function countPeople(
  app: App,
  batch: Pick<Batch, 'id' | 'isLocking'>,
  entry: KnownAccess,
): Promise<number> {
  const store = await app.users();
  const { ledger } = app;
  const counted = store.isApart
    ? undefined
    : await store.within(ledger).countHolders(entry, peopleOf(ledger, batch));
  if (counted !== undefined) return counted;
  if (!(await store.isHeld(entry))) return 0;
  let people = 0;
  for (let after = 0; ;) {
    const rows = await nextPeople(ledger, batch, after, PAGE);
    const last = rows.at(-1);
    if (!last) return people;
    const users = await store.get(rows.map(({ userId }) => userId));
    people += (await store.findHolders(entry, [...users.values()])).size;
    after = last.rowId;
  }
}

/** Rows of a batch with what survives for each. */
export async function* withSurviving(app: App, rows: AsyncIterable<LedgerRow>): AsyncGenerator<RecipientRow> {
  const store = await app.users();
  const entries: KnownAccess[] = [];
  for (const entry of await store.survivingAccess()) if (await store.isHeld(entry)) entries.push(entry);
  if (entries.length === 0) {
    for await (const row of rows) yield { ...row, survives: [] };
    return;
  }
  for await (const page of inPages(rows, PAGE)) {
    const users = await store.get([...new Set(page.map(({ id }) => id).filter((id) => id !== ''))]);
    const holders: { kind: AccessKind; ids: Set<string> }[] = [];
    for (const entry of entries)
      holders.push({ kind: entry.kind, ids: await store.findHolders(entry, [...users.values()]) });
    for (const row of page) {
      const kinds = holders.filter(({ ids }) => ids.has(row.id)).map(({ kind }) => kind);
      yield { ...row, survives: [...new Set(kinds)] };
    }
  }
}
