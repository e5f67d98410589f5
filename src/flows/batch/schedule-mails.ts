import type { App } from '../../app.ts';
import type { Batch } from '../../batches/batch.ts';
import { nextQueued } from '../../batches/next-queued.ts';
import { rowRange } from '../../batches/row-range.ts';
import { countUnknownZones, scheduleAll, scheduleRows } from '../../batches/schedule-rows.ts';
import { ResetError } from '../../errors.ts';
import type { User } from '../../types.ts';
import { knownZone, nextOpening, parseDayWindow, type DayWindow } from '../../values/day-window.ts';

/** Rows read at a time. */
const PAGE = 2000;

/** When mails may go, as it was asked for. */
export interface Schedule {
  /** milliseconds since the epoch */
  readonly startsAt?: number | undefined;
  readonly dayWindow?: string | undefined;
}

/** Throws usage_invalid: the time was meant, and has passed. A batch that exists already keeps its own. */
export function assertAhead({ startsAt }: Schedule, now: number): void {
  if (startsAt !== undefined && startsAt <= now)
    throw new ResetError('usage_invalid', '--at names a time that has passed. Leave it out to send now.');
}

/** Each planned mail waits for its time: the start of the batch, and the hours of its person's day. */
export async function scheduleMails(app: App, batch: Batch): Promise<void> {
  const { id, startsAt, dayWindow } = batch;
  const from = Math.max(startsAt ?? 0, app.clock.now());
  const zone = batch.timeZone ?? app.config.timeZone;
  if (dayWindow === null) {
    if (startsAt !== null) await scheduleAll(app.ledger, id, from);
    return;
  }
  const window = parseDayWindow(dayWindow);
  const store = await app.users();
  if (!store.description.hasTimeZones) await scheduleAll(app.ledger, id, nextOpening(window, zone, from));
  else await scheduleByZone(app, batch, { window, zone, from });
}

interface Terms {
  readonly window: DayWindow;
  readonly zone: string;
  readonly from: number;
}

async function scheduleByZone(app: App, batch: Batch, { window, zone, from }: Terms): Promise<void> {
  const openings = new Map<string, number>();
  const opening = (name: string): number => {
    const known = openings.get(name) ?? nextOpening(window, name, from);
    openings.set(name, known);
    return known;
  };
  const store = await app.users();
  let unknown = 0;
  for (let { before: after } = await rowRange(app.ledger, batch.id); ;) {
    const rows = await nextQueued(app.ledger, batch, after, PAGE);
    const last = rows.at(-1);
    if (!last) break;
    const ids = rows.map(({ userId }) => userId);
    const users = await store.get(ids);
    const page = groupByZone(rows, users);
    for (const [timeZone, rowIds] of page.zones)
      await scheduleRows(app.ledger, rowIds, { timeZone, dueAt: opening(timeZone ?? zone) });
    unknown += page.unknown;
    after = last.rowId;
  }
  await countUnknownZones(app.ledger, batch.id, unknown);
}

interface ZonePage {
  /** null: none, or none that is known */
  readonly zones: ReadonlyMap<string | null, readonly number[]>;
  readonly unknown: number;
}

function groupByZone(
  rows: readonly { readonly rowId: number; readonly userId: string }[],
  users: ReadonlyMap<string, User>,
): ZonePage {
  const zones = new Map<string | null, number[]>();
  let unknown = 0;
  for (const { rowId, userId } of rows) {
    const stored = users.get(userId)?.timeZone ?? '';
    const name = knownZone(stored) ?? null;
    if (stored !== '' && name === null) unknown += 1;
    const group = zones.get(name);
    if (group) group.push(rowId);
    else zones.set(name, [rowId]);
  }
  return { zones, unknown };
}
