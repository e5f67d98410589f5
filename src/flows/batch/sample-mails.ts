import type { App } from '../../app.ts';
import type { Batch } from '../../batches/batch.ts';
import type { LedgerRow } from '../../batches/read-ledger.ts';
import { readLedger } from '../../batches/read-ledger.ts';
import type { OutboxMessage } from '../../outbox/message.ts';
import { chooseLocale } from '../../render/choose-locale.ts';
import type { User } from '../../types.ts';
import { getUsers } from '../../users/reading/find-user.ts';
import { isEmail } from '../../values/email.ts';
import { composeTestMail } from '../delivery/deliver-message.ts';

export interface SampleMail {
  readonly email: string;
  readonly subject: string;
  readonly text: string;
}

/** Recipients among whom other languages are looked for. */
const SCANNED = 2000;

/** Mails of a plan as people would get them, with a link that is nobody's token: one in each language, and `count` at least. */
export async function sampleMails(app: App, batch: Batch, count: number): Promise<SampleMail[]> {
  const { catalogue } = await app.renderer();
  const seen = new Set<string>();
  const inNewLanguage: Planned[] = [];
  const others: Planned[] = [];
  for (const planned of await firstPlanned(app, batch)) {
    const locale = chooseLocale([planned.user.locale, app.config.mail.locale], catalogue.available);
    (seen.has(locale) ? others : inNewLanguage).push(planned);
    seen.add(locale);
  }
  const chosen = [...inNewLanguage, ...others.slice(0, Math.max(0, count - seen.size))];
  const samples: SampleMail[] = [];
  for (const { row, user } of chosen) {
    const message: Sampled = {
      ...facts(batch),
      id: row.rowId,
      requestId: row.requestId,
      messageId: `<sample.${row.rowId}@localhost>`,
    };
    const { subject, text } = await composeTestMail(app, { message, user, batch });
    samples.push({ email: user.email, subject, text });
  }
  return samples;
}

interface Planned {
  readonly row: LedgerRow;
  readonly user: User;
}

async function firstPlanned(app: App, batch: Batch): Promise<Planned[]> {
  const rows: LedgerRow[] = [];
  for await (const row of readLedger(app.db, {
    batchId: batch.id,
    statuses: ['queued'],
    now: app.clock.now(),
  })) {
    rows.push(row);
    if (rows.length === SCANNED) break;
  }
  const ids = rows.map(({ id }) => id);
  const users = await getUsers(app.db, await app.mapping(), ids);
  return rows.flatMap((row) => {
    const user = users.get(row.id);
    return user && isEmail(user.email) ? [{ row, user }] : []; // else it has changed a moment ago
  });
}

type Sampled = Pick<
  OutboxMessage,
  'id' | 'requestId' | 'messageId' | 'locale' | 'actorKind' | 'ticket' | 'expiresInS'
>;

const facts = ({ actorKind, ticket, expiresInS }: Batch) => ({ locale: null, actorKind, ticket, expiresInS });
