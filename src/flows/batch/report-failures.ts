import { readFailures, type FailedMail } from '../../batches/report-figures.ts';
import type { Db } from '../../db/connect.ts';
import type { ReasonRow } from '../../render/report-view.ts';
import { oneLine } from '../../values/printable.ts';
import { withoutAddresses } from '../../values/without-addresses.ts';

/** Different answers that are kept while they are counted; a mail server has a few dozen. */
const KEPT = 500;
/** Of those, the commonest are shown. */
const SHOWN = 40;
const LONGEST = 300;

/** Ids of a session or a queue, which make each answer of a server a new one. */
const ID = /(?=[\w.+/-]*\d)(?=[\w.+/-]*[a-z])[\w.+/-]{8,}/giu;

/** In words for people; scripts read the reason itself. */
const WORDS: Readonly<Record<string, string>> = {
  refused: 'refused for good',
  temporary: 'refused again and again',
  auth: 'the login at the mail server failed',
  sender: 'the mail server refused the sender',
  quota: 'the mail server accepted no more mail',
  busy: 'the mail server was busy',
  connection: 'no connection to the mail server',
  lost: 'the last answer was lost; the mail may have arrived',
  bad_address: 'came back: the address accepts no mail',
  not_accepted: 'came back: not accepted',
  cancelled: 'under way when the batch was cancelled; it may have arrived',
};

export const explainFailure = (reason: string | null): string =>
  reason === null ? 'unknown' : (WORDS[reason] ?? reason);

/** Failed mails by reason and by what the server said, the commonest first; the rest are summed up by reason. */
export async function groupFailures(db: Db, batchId: string): Promise<ReasonRow[]> {
  const groups = new Map<string, Group>();
  const rest = new Map<string, number>();
  for await (const mail of readFailures(db, batchId)) {
    const words = wordsOf(mail);
    const key = `${mail.reason ?? ''}\n${words.replace(ID, '…')}`;
    const group = groups.get(key);
    if (group) group.count += 1;
    else if (groups.size < KEPT) groups.set(key, { reason: explainFailure(mail.reason), words, count: 1 });
    else addTo(rest, explainFailure(mail.reason), 1);
  }
  const sorted = [...groups.values()].sort((one, other) => other.count - one.count);
  for (const { reason, count } of sorted.slice(SHOWN)) addTo(rest, reason, count);
  return [
    ...sorted.slice(0, SHOWN),
    ...[...rest].map(([reason, count]) => ({ reason, words: 'other answers', count })),
  ];
}

interface Group extends ReasonRow {
  count: number;
}

const wordsOf = ({ reply, recipient }: FailedMail): string =>
  reply === null ? '' : oneLine(withoutAddresses(reply, recipient ?? undefined), LONGEST);

function addTo(counts: Map<string, number>, key: string, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}
