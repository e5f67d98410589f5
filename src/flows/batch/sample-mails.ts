import type { App } from '../../app.ts';
import type { Batch } from '../../batches/batch.ts';
import { lockedHashes } from '../../batches/user-locks.ts';
import { readLedger } from '../../batches/read-ledger.ts';
import { chooseLocale } from '../../render/choose-locale.ts';
import type { User } from '../../types.ts';
import { isEmail } from '../../values/email.ts';
import { composeTestMail } from '../delivery/deliver-message.ts';
import { SAMPLE_MESSAGE_ID } from '../preview/sample.ts';

export interface SampleMail {
  readonly email: string;
  readonly subject: string;
  readonly text: string;
}

/** How many recipients are searched for other languages. */
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
  const locks = await lockedHashes(
    app.ledger,
    chosen.map(({ user }) => user.id),
  );
  const samples: SampleMail[] = [];
  for (const { user, reminder } of chosen) {
    // Locked before its mail leaves, or by an earlier batch.
    const isLocked = (user.encoded ?? '') !== '' && (batch.isLocking || locks.get(user.id) === user.encoded);
    const message = { ...factsOf(batch), reminder };
    const { subject, text } = await composeTestMail(app, { message, user, batch, isLocked });
    samples.push({ email: user.email, subject, text });
  }
  return samples;
}

interface Planned {
  readonly user: User;
  readonly reminder: number | null;
}

async function firstPlanned(app: App, batch: Batch): Promise<Planned[]> {
  const rows: { id: string; reminder: number | null }[] = [];
  const wanted = { batchId: batch.id, statuses: ['queued'], now: app.clock.now() };
  for await (const { id, reminder } of readLedger(app.ledger, wanted)) {
    rows.push({ id, reminder });
    if (rows.length === SCANNED) break;
  }
  const store = await app.users();
  const users = await store.get(rows.map(({ id }) => id));
  return rows.flatMap(({ id, reminder }) => {
    const user = users.get(id);
    return user && isEmail(user.email) ? [{ user, reminder }] : []; // otherwise it has just changed
  });
}

const factsOf = ({ actorKind, ticket, expiresInS }: Batch) => ({
  locale: null,
  messageId: SAMPLE_MESSAGE_ID,
  actorKind,
  ticket,
  occasion: 'batch' as const,
  expiresInS,
});
