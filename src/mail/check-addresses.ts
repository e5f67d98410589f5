import { isEmail, type Sender } from '../values/email.ts';
import { ResetError } from '../errors.ts';

/**
 * R65: the stored address is checked before any mail library reads it. Throws `delivery_failed`, final, as if the
 * mail server had refused the recipient: one bad row must not stop a batch.
 */
export function checkRecipient(to: string): void {
  if (isEmail(to)) return;
  const reply = `The stored address ${JSON.stringify(to.slice(0, 100))} is not one plain e-mail address.`;
  throw new ResetError('delivery_failed', `Nothing was sent. ${reply} Correct it in the users table.`, {
    details: { kind: 'refused', retryable: false, reply, responseCode: null },
  });
}

/** The operator's own address. Throws `config_invalid`. */
export function checkSender(from: Sender): void {
  if (isEmail(from.address) && !/\p{Cc}|[\u2028\u2029]/u.test(from.name ?? '')) return;
  throw new ResetError(
    'config_invalid',
    'The sender is not one plain address. Set mail.from, like: Example <noreply@example.com>',
  );
}
