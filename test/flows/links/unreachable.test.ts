import { expect, it } from 'vitest';
import { isResetError } from '../../../src/errors.ts';
import { bindReset } from '../../../src/create-reset.ts';
import { resendLink } from '../../../src/flows/links/resend-link.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { goodPassword, openFlowApp, operator } from '../flow-app.ts';

const encoded = '$2b$04$F6vQXz2kPX0aoOrwYFPwUu1e0UPHbZC2bPZ1nfhMbNmGZ0xDFE6rK';

/** What is stored instead of an address, and how the refusal names it. */
const STORED: readonly (readonly [string, string])[] = [
  ['', 'noaddr (user 1) has no e-mail address in users. Add one in the application, or hand over a link: '],
  ['   ', 'noaddr (user 1) has no e-mail address in users. Add one'],
  ['nobody', 'noaddr (user 1) has "nobody" in users, which is not an e-mail address. Correct it'],
  [
    'a@example.com, b@example.com',
    'noaddr (user 1) has "a@example.com, b@example.com" in users, which is not',
  ],
  ['a@example.com\r\nBcc: b@example.com', 'noaddr (user 1) has "a@example.com Bcc: b@example.com" in users'],
];

const outcomeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'it went through',
    (error: unknown) => error,
  );

eachDatabase('a user who cannot get mail', (open) => {
  it.each(STORED)('is refused for %j before anything is queued, counted or sent', async (email, says) => {
    const flow = await openFlowApp(await open());
    const { app, mailbox } = flow;
    try {
      const id = await flow.addUser('susan@example.com', encoded);
      await app.usersDb('users').where({ id }).update({ email, username: 'noaddr' });
      const reset = bindReset(app);
      const link = await reset.link({ id });
      for (const work of [
        () => reset.send({ id }),
        () => reset.send({ username: 'noaddr' }),
        () => resendLink(app, { identifier: { id }, actor: operator, force: false }),
      ]) {
        const error = await outcomeOf(work());
        expect(error).toMatchObject({ code: 'user_unreachable', details: { userId: '1' } });
        expect(isResetError(error) && error.message).toContain(says);
      }
      expect(await app.ledger('reset_outbox')).toEqual([]);
      expect(await app.ledger('reset_throttle')).toEqual([]);
      expect(await app.ledger('reset_audit').pluck('event')).toEqual(['link_issued']);

      const applied = await reset.apply({ token: link.token, password: goodPassword });
      expect(applied.notice).toBe('No notice was sent: the application has no e-mail address of this user.');
      expect(await app.ledger('reset_outbox')).toEqual([]);
      expect(mailbox.messages).toEqual([]);
    } finally {
      await flow.close();
    }
  });
});
