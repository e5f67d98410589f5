import type { App } from '../../app.ts';
import type { Batch } from '../../batches/batch.ts';
import { readLedger } from '../../batches/read-ledger.ts';
import type { OutboxMessage } from '../../outbox/message.ts';
import { getUsers } from '../../users/reading/find-user.ts';
import { isEmail } from '../../values/email.ts';
import { composeTestMail } from '../delivery/deliver-message.ts';

export interface SampleMail {
  readonly email: string;
  readonly subject: string;
  readonly text: string;
}

/** The first mails of a plan as people would get them, with a link that is nobody's token. */
export async function sampleMails(app: App, batch: Batch, count: number): Promise<SampleMail[]> {
  const samples: SampleMail[] = [];
  const rows = readLedger(app.db, { batchId: batch.id, statuses: ['queued'], now: app.clock.now() });
  for await (const { id, rowId, requestId } of rows) {
    if (samples.length === count) break;
    const user = (await getUsers(app.db, await app.mapping(), [id])).get(id);
    if (!user || !isEmail(user.email)) continue; // changed a moment ago
    const message: Sampled = {
      ...facts(batch),
      id: rowId,
      requestId,
      messageId: `<sample.${rowId}@localhost>`,
    };
    const { subject, text } = await composeTestMail(app, { message, user, batch });
    samples.push({ email: user.email, subject, text });
  }
  return samples;
}

type Sampled = Pick<
  OutboxMessage,
  'id' | 'requestId' | 'messageId' | 'locale' | 'actorKind' | 'ticket' | 'expiresInS'
>;

const facts = ({ actorKind, ticket, expiresInS }: Batch) => ({ locale: null, actorKind, ticket, expiresInS });
