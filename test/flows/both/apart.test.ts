import { afterEach, expect, it } from 'vitest';
import { declareIntent } from '../../../src/intents/intent-store.ts';
import { followBatch } from '../../../src/flows/batch/follow-batch.ts';
import { planBatch } from '../../../src/flows/batch/plan-batch.ts';
import { beginBatch } from '../../../src/flows/batch/start-batch.ts';
import { settleLeftovers } from '../../../src/flows/both/settle-intents.ts';
import { proveReset } from '../../../src/flows/links/finish-reset.ts';
import { issueLink } from '../../../src/flows/links/issue-link.ts';
import { openToken } from '../../../src/flows/links/verify-reset-token.ts';
import { checkKnownPassword } from '../../../src/flows/passwords/check-known-password.ts';
import { hashNewPassword } from '../../../src/flows/passwords/hash-new-password.ts';
import { writePassword } from '../../../src/users/writing/write-password.ts';
import { applyToken } from '../../helpers/apply-token.ts';
import { everybody } from '../../helpers/batch-request.ts';
import { createTestApp, type TestApp } from '../../helpers/create-test-app.ts';
import { eachOtherPair, eachPair, type TestDatabase } from '../../helpers/databases.ts';
import { rejection } from '../../helpers/rejection.ts';

const susan = { email: 'susan@example.com' };
const [old, password] = ['the old password', 'seven green apples on a roof'];

// What the fast tier has to say about two databases, and what every pair has to; the full tier asks every flow of a few.
eachPair('our own tables in another database', together);
eachOtherPair('our own tables in another database', together);

function together(open: () => Promise<TestDatabase>): void {
  let test: TestApp;
  afterEach(() => test.close());

  async function start() {
    test = await createTestApp({ database: (await open()).url });
    await test.addUser({ ...susan, password: old });
    expect(test.app.isApart).toBe(true);
    return test.app;
  }
  const eventsOf = (event: string) => test.app.ledger('reset_audit').where({ event });

  it('a batch locks, mails a link, and the link sets a new password', async () => {
    const app = await start();
    const { batch } = await planBatch(app, everybody(app, { isLocking: true }), true);
    const { signal } = new AbortController();
    await beginBatch(app, batch, { signal, onLocked: () => undefined });
    expect(await rejection(checkKnownPassword(app, susan, old))).toMatchObject({ code: 'password_rejected' });
    await followBatch(app, batch.id, { signal, onProgress: () => undefined });
    const [mail] = await test.mailbox!.waitFor(1);
    const token = /\/reset_password\/(eyJ\S+)/.exec(mail?.parsed.text ?? '')?.[1] ?? '';
    const actor = app.operator;
    expect(await applyToken(app, { token, password, actor })).toMatchObject({ status: 'applied' });
    expect(await checkKnownPassword(app, susan, password)).toMatchObject({ accepted: true });
    expect(await rejection(applyToken(app, { token, password, actor }))).toMatchObject({
      code: 'token_used',
    });
    expect(await eventsOf('password_changed')).toHaveLength(1);
    expect(await app.ledger('reset_outbox').where({ kind: 'notice' })).toHaveLength(1);
    expect(await app.ledger('reset_intents')).toEqual([]);
  });

  it('a reset whose process died between the two is finished, whether it had written or not', async () => {
    const app = await start();
    const actor = app.operator;
    const { token } = await issueLink(app, { identifier: susan, actor });
    const { user, row } = await openToken(app, token, actor);
    const { encoded } = await hashNewPassword(app, user, password);
    const { jti, requestId, occasion } = row;
    const facts = { jti, userId: user.id, requestId, occasion, recipient: user.email, actor };
    const proof = proveReset(await app.keyring(), user, encoded);
    const more = { route: app.route.stamp, format: 'bcrypt', ...proof };
    const die = () =>
      declareIntent(app.ledger, { kind: 'reset', userId: user.id, facts: { ...facts, ...more } }, 0);

    await die();
    // One that nobody can settle keeps no other back.
    const lost = { ...facts, ...more, kid: 'gone' };
    await declareIntent(app.ledger, { kind: 'reset', userId: 'another', facts: lost }, -1);
    await settleLeftovers(app);
    expect(await app.ledger('reset_intents').pluck('user_id')).toEqual(['another']);
    expect(test.logs.map(({ event }) => event)).toEqual(
      expect.arrayContaining(['leftovers_kept', 'leftovers_settled']),
    );
    await app.ledger('reset_intents').delete();
    expect(await eventsOf('password_changed')).toEqual([]);
    expect(await openToken(app, token, actor)).toMatchObject({ user: { id: user.id } });

    await die();
    await writePassword(app.usersDb, await app.mapping(), user, encoded, app.clock.now());
    expect(await rejection(openToken(app, token, actor))).toMatchObject({ code: 'token_used' });
    expect(await eventsOf('password_changed')).toHaveLength(1);
    expect(await app.ledger('reset_outbox').where({ kind: 'notice' })).toHaveLength(1);
    expect(await app.ledger('reset_intents')).toEqual([]);
  });
}
