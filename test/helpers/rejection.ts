import { isResetError, type ResetError } from '../../src/errors.ts';
import type { DeliveryFailure } from '../../src/mail/send.ts';

/** What a promise rejects with; undefined when it does not. */
export const rejection = (work: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(work).then(
    () => undefined,
    (reason: unknown) => reason,
  );

/** Why a mail was not taken. Throws when it was, or when the error has no code. */
export async function deliveryFailure(
  sending: Promise<unknown>,
): Promise<ResetError & { details: DeliveryFailure }> {
  const error = await rejection(sending);
  if (isResetError(error)) return error as ResetError & { details: DeliveryFailure };
  throw new Error('It was accepted, or failed without a code.', { cause: error });
}
