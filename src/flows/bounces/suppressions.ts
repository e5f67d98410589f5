import type { App } from '../../app.ts';
import { record } from '../../audit/record.ts';
import { inTransaction } from '../../db/transaction.ts';
import { ResetError } from '../../errors.ts';
import { findSuppressed, liftSuppression, listSuppressed, type Suppressed } from '../../outbox/suppressed.ts';
import { parseEmail } from '../../values/email.ts';
import { plainAddress } from '../../values/plain-address.ts';
import { programName } from '../../values/program-name.ts';

export type { Suppressed } from '../../outbox/suppressed.ts';

/** Addresses that get no mails of batches, because one came back. */
export const readSuppressed = (app: App): AsyncGenerator<Suppressed> => listSuppressed(app.ledger);

/** The bounce that suppresses this address. */
export const suppressionOf = async (app: App, address: string): Promise<Suppressed | undefined> =>
  (await findSuppressed(app.ledger, [address])).get(address);

/** It gets mails again: somebody says that it is good now. Throws usage_invalid for an address that is not suppressed. */
export async function lift(app: App, text: string): Promise<Suppressed> {
  const address = parseEmail(plainAddress(text));
  const known = await suppressionOf(app, address);
  const isLifted =
    known !== undefined &&
    (await inTransaction(app.ledger, async (trx) => {
      if (!(await liftSuppression(trx, address))) return false;
      await record(trx, app.clock.now(), {
        event: 'operator_action',
        result: 'bounce_lifted',
        actor: app.operator,
        userId: known.userId,
        details: { status: known.status, reply: known.reply },
      });
      return true;
    }));
  if (isLifted) return known;
  throw new ResetError(
    'usage_invalid',
    `No mail to ${address} has come back. The addresses that are left out: ${programName} bounces list`,
  );
}
