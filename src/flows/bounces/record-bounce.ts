import type { App } from '../../app.ts';
import { record } from '../../audit/record.ts';
import { getBatch } from '../../batches/batch.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { Bounce } from '../../mail/bounces/bounce.ts';
import { findRow, markBounced } from '../../outbox/bounce-row.ts';
import type { OutboxMessage } from '../../outbox/message.ts';
import { suppress } from '../../outbox/suppressed.ts';
import { matchesBounceTag, rowOfTag } from '../../tokens/bounce-tag.ts';
import { sameEmail } from '../../values/email.ts';

/**
 * What a report changed. `bounced`: the mail is marked; `known`: it was already; `temporary`: it may still arrive;
 * `not_ours`: no mail of ours; `forged`: it names one of ours, and the mark in the address is not ours.
 */
export type BounceResult = 'bounced' | 'known' | 'temporary' | 'not_ours' | 'forged';

export interface RecordedBounce {
  readonly result: BounceResult;
  /** of the mail, where there is one */
  readonly message?: OutboxMessage;
  readonly address?: string;
  /** the address gets no more mails of batches */
  readonly isSuppressed?: boolean;
}

/** Find the mail that a report is about, by what nobody else can know, and mark it. */
export async function recordBounce(app: App, bounce: Bounce): Promise<RecordedBounce> {
  const found = await findMail(app, bounce);
  if (typeof found === 'string') return { result: found };
  const address = await addressOf(app, found);
  if (bounce.verdict === 'temporary') return { result: 'temporary', message: found, address };
  const isSuppressed = bounce.verdict === 'hard';
  const isNew = await inTransaction(app.ledger, (trx) =>
    mark(app, trx, { bounce, found, address, isSuppressed }),
  );
  return { result: isNew ? 'bounced' : 'known', message: found, address, isSuppressed };
}

/**
 * The mark in the address is an HMAC. Without one, the Message-ID has 80 random bits or more, so only who has the mail knows it;
 * it counts with the address that the row was sent to.
 */
async function findMail(app: App, bounce: Bounce): Promise<OutboxMessage | 'not_ours' | 'forged'> {
  const { tags, messageIds } = bounce;
  for (const tag of tags) {
    const row = await rowOf(app, rowOfTag(tag));
    if (row && matchesBounceTag(await app.keyring(), row, tag)) return row;
  }
  if (tags.length > 0) return 'forged';
  for (const messageId of messageIds) {
    const row = await rowOf(app, Number(/\.(\d+)@/.exec(messageId)?.[1]));
    if (row?.messageId === messageId && (await wasSentTo(app, row, bounce.recipients))) return row;
  }
  return 'not_ours';
}

const rowOf = async (app: App, id: number | undefined): Promise<OutboxMessage | undefined> =>
  id === undefined ? undefined : findRow(app.ledger, id);

async function wasSentTo(app: App, row: OutboxMessage, recipients: readonly string[]): Promise<boolean> {
  const address = await addressOf(app, row);
  return recipients.some((each) => sameEmail(each, address));
}

/** Where the mail went: a test of a batch goes to the operator's address. */
async function addressOf(app: App, { batchId, recipient }: OutboxMessage): Promise<string> {
  const batch = batchId === null ? undefined : await getBatch(app.ledger, batchId);
  return batch?.redirectTo ?? recipient ?? '';
}

interface Marked {
  readonly bounce: Bounce;
  readonly found: OutboxMessage;
  readonly address: string;
  readonly isSuppressed: boolean;
}

async function mark(
  app: App,
  trx: App['ledger'],
  { bounce, found, address, isSuppressed }: Marked,
): Promise<boolean> {
  const now = app.clock.now();
  const { id, requestId, userId } = found;
  const { status, words, source } = bounce;
  const batchId = found.batchId ?? undefined;
  const reason = isSuppressed ? 'bad_address' : 'not_accepted';
  if (!(await markBounced(trx, { id, reason, reply: words, now }))) return false;
  if (isSuppressed && address !== '') {
    const { batchId: batch } = found;
    const reply = words === '' ? null : words;
    await suppress(trx, {
      address,
      userId,
      requestId,
      batchId: batch,
      status,
      reply,
      source,
      bouncedAt: now,
    });
  }
  await record(trx, now, {
    event: 'mail_bounced',
    result: reason,
    actor: app.operator,
    requestId,
    batchId,
    userId,
    details: { kind: found.kind, source, status, reply: words },
  });
  return true;
}
