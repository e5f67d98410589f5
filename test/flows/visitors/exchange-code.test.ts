import { describe, expect, it, onTestFinished } from 'vitest';
import type { App } from '../../../src/app.ts';
import { applyReset } from '../../../src/flows/links/apply-reset.ts';
import { issueCode, type CodeResult } from '../../../src/flows/links/issue-code.ts';
import { issueLink } from '../../../src/flows/links/issue-link.ts';
import { revokeOfUser } from '../../../src/flows/links/revoke-tokens.ts';
import { exchangeCode } from '../../../src/flows/visitors/exchange-code.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { goodPassword, openFlowApp, operator, type FlowApp } from '../flow-app.ts';

const email = 'susan@example.com';
const visitor = { kind: 'web', name: '192.0.2.7' } as const;
const MINUTE = 60_000;

/** A code that is not the given one. */
const wrongOf = (code: string): string => (code.startsWith('A') ? 'B' : 'A') + code.slice(1);

eachDatabase('a typed code', (open) => {
  const openWithSusan = async (): Promise<FlowApp> => {
    const flow = await openFlowApp(await open());
    onTestFinished(() => flow.close());
    await flow.addUser(email);
    return flow;
  };
  const issue = (app: App, identifier: { email: string } | { id: string } = { email }) =>
    issueCode(app, { identifier, actor: operator });
  const type = (app: App, code: string, more: { account?: string; form?: string } = {}) =>
    exchangeCode(app, { account: email, code, ...more }, visitor);
  const refused = (reason: string) => expect.objectContaining({ code: 'code_invalid', details: { reason } });
  const stateOf = (app: App, { requestId }: CodeResult) =>
    app.ledger('reset_tokens').where({ request_id: requestId }).first() as Promise<Record<string, unknown>>;

  it('is exchanged for a token of its row, which sets the password once and ends every sibling', async () => {
    const { app } = await openWithSusan();
    const link = await issueLink(app, { identifier: { email }, actor: operator });
    const issued = await issue(app);
    const good = await type(app, issued.code);
    expect(good.row.requestId).toBe(issued.requestId);
    await applyReset(app, good, goodPassword, visitor);
    expect(await stateOf(app, issued)).toMatchObject({ state: 'used' });
    expect(await stateOf(app, { ...issued, requestId: link.requestId })).toMatchObject({
      state: 'revoked',
      reason: 'sibling_used',
    });
    await expect(applyReset(app, good, 'another good long password', visitor)).rejects.toThrow(
      expect.objectContaining({ code: 'token_used' }),
    );
    await expect(type(app, issued.code)).rejects.toThrow(refused('code_none'));
  });

  it('R98: is checked five times at most, the right one included', async () => {
    const { app } = await openWithSusan();
    const issued = await issue(app);
    for (let count = 0; count < 5; count += 1)
      await expect(type(app, wrongOf(issued.code))).rejects.toThrow(refused('code_wrong'));
    await expect(type(app, issued.code)).rejects.toThrow(refused('code_spent'));
    expect(await stateOf(app, issued)).toMatchObject({ state: 'live', code_tries: 5, code_holder: null });
  });

  it('is taken at the fifth try', async () => {
    const { app } = await openWithSusan();
    const issued = await issue(app);
    for (let count = 0; count < 4; count += 1)
      await expect(type(app, wrongOf(issued.code))).rejects.toThrow(refused('code_wrong'));
    expect((await type(app, issued.code.toLowerCase().replace('-', ' '))).user.email).toBe(email);
  });

  it('costs no try when it can’t be a code at all', async () => {
    const { app } = await openWithSusan();
    const issued = await issue(app);
    for (const typed of ['', '7KQM', `${issued.code}7`, 'uuuu-uuuu'])
      await expect(type(app, typed)).rejects.toThrow(refused('code_format'));
    expect(await stateOf(app, issued)).toMatchObject({ code_tries: 0 });
  });

  it('R98: new codes bring no more than twenty wrong ones a day; support hears of it, and a reset ends it', async () => {
    const flow = await openWithSusan();
    const { app } = flow;
    for (let round = 0; round < 4; round += 1) {
      const { code } = await issue(app);
      for (let count = 0; count < 5; count += 1)
        await expect(type(app, wrongOf(code))).rejects.toThrow(refused('code_wrong'));
    }
    await expect(issue(app)).rejects.toThrow(
      expect.objectContaining({
        code: 'throttled',
        details: { retryAfterSeconds: expect.any(Number) },
        message: expect.stringMatching(/^Too many wrong codes .* reset link --id 1$/),
      }),
    );
    await (await app.throttle()).clear('1');
    expect((await type(app, (await issue(app)).code)).user.id).toBe('1');
  });

  it('R98: a right one is refused as well when its user’s tries of the day are used up', async () => {
    const { app } = await openWithSusan();
    const issued = await issue(app);
    const throttle = await app.throttle();
    for (let count = 0; count < 20; count += 1) await throttle.consume('code', '1');
    await expect(type(app, issued.code)).rejects.toThrow(refused('throttled'));
  });

  it('belongs to the form that was first: the same may be loaded again, no other', async () => {
    const { app } = await openWithSusan();
    const { code } = await issue(app);
    await type(app, code, { form: 'form-of-susan' });
    for (let count = 0; count < 10; count += 1) await type(app, code, { form: 'form-of-susan' });
    for (const form of ['form-of-somebody', '', undefined])
      await expect(type(app, code, form === undefined ? {} : { form })).rejects.toThrow(
        refused('code_spent'),
      );
    await expect(type(app, wrongOf(code), { form: 'form-of-susan' })).rejects.toThrow(refused('code_spent'));
  });

  it('works for ten minutes, and then its form for ten more', async () => {
    const { app, clock } = await openWithSusan();
    const [early, late] = [await issue(app), await issue(app)];
    clock.advance(10 * MINUTE - 1000);
    const good = await type(app, early.code);
    clock.advance(1000);
    await expect(type(app, late.code)).rejects.toThrow(refused('code_none'));
    clock.advance(9 * MINUTE);
    await applyReset(app, good, goodPassword, visitor);
  });

  it('dies with the password, the address, the user and a revocation', async () => {
    const { app } = await openWithSusan();
    const users = app.usersDb('users').where({ id: 1 });
    const codes = [await issue(app), await issue(app), await issue(app)];
    await users.clone().update({ password_hash: 'another' });
    await expect(type(app, codes[0]!.code)).rejects.toThrow(refused('token_revoked'));
    await users.clone().update({ password_hash: null, email: 'new@example.com' });
    await expect(type(app, codes[1]!.code)).rejects.toThrow(refused('user_not_found'));
    await expect(type(app, codes[1]!.code, { account: 'new@example.com' })).rejects.toThrow(
      refused('token_revoked'),
    );
    await users.clone().update({ email });
    await revokeOfUser(app, { email }, operator);
    await expect(type(app, codes[2]!.code)).rejects.toThrow(refused('code_none'));
  });

  it('is good for its own user alone, and of two with one address for the right one', async () => {
    const flow = await openWithSusan();
    const { app } = flow;
    await flow.addUser('other@example.com');
    await app.usersDb.schema.alterTable('users', (table) =>
      table.dropUnique(['email'], 'users_email_unique'),
    );
    await app.usersDb('users').insert({ email: 'Susan@example.com' });
    const twin = await issue(app, { id: '3' });
    await expect(type(app, twin.code, { account: 'other@example.com' })).rejects.toThrow(
      refused('code_none'),
    );
    expect((await type(app, twin.code)).user.id).toBe('3');
  });

  it('takes the user name of somebody without an address, and support sees what to say', async () => {
    const { app } = await openWithSusan();
    await app.usersDb('users').where({ id: 1 }).update({ email: '', username: 'Susan' });
    const issued = await issue(app, { id: '1' });
    expect(issued).toMatchObject({ email: '', account: 'Susan' });
    expect((await type(app, issued.code, { account: ' Susan ' })).user.id).toBe('1');
    await app.usersDb('users').where({ id: 1 }).update({ username: null });
    await expect(issue(app, { id: '1' })).rejects.toThrow(
      expect.objectContaining({ code: 'user_unreachable', message: expect.stringContaining('link --id 1') }),
    );
  });

  it('R90: leaves who, what and why in the audit, and nothing of the code', async () => {
    const { app } = await openWithSusan();
    const { code } = await issue(app);
    await expect(type(app, wrongOf(code))).rejects.toThrow();
    await expect(type(app, code, { account: 'nobody@example.com' })).rejects.toThrow();
    await type(app, code);
    const rows = (await app.ledger('reset_audit').orderBy('id')) as Record<string, unknown>[];
    expect(
      rows.map(({ event, result, actor_name, user_id }) => [event, result, actor_name, user_id]),
    ).toEqual([
      ['code_issued', 'ok', operator.name, '1'],
      ['code_refused', 'code_wrong', visitor.name, '1'],
      ['code_refused', 'user_not_found', visitor.name, null],
      ['code_accepted', 'ok', visitor.name, '1'],
    ]);
    const all = JSON.stringify([rows, await app.ledger('reset_tokens')]);
    for (const text of [code, code.replace('-', ''), 'nobody@example.com']) expect(all).not.toContain(text);
  });

  describe('R98: at the same moment', () => {
    it('five of a hundred wrong ones are checked, from two processes', async () => {
      const flow = await openWithSusan();
      const apps = [flow.app, await flow.another()];
      const issued = await issue(flow.app);
      const ends = await Promise.allSettled(
        Array.from({ length: 100 }, (_, index) => type(apps[index % 2]!, wrongOf(issued.code))),
      );
      const reasons = ends.map((end) =>
        end.status === 'rejected' ? (end.reason as { details: { reason: string } }).details.reason : 'taken',
      );
      expect(reasons.filter((reason) => reason === 'code_wrong')).toHaveLength(5);
      expect(reasons.filter((reason) => reason === 'code_spent')).toHaveLength(95);
      expect(await stateOf(flow.app, issued)).toMatchObject({ code_tries: 5 });
    });

    it('one of fifty right ones is taken', async () => {
      const flow = await openWithSusan();
      const apps = [flow.app, await flow.another()];
      const { code } = await issue(flow.app);
      const ends = await Promise.allSettled(
        Array.from({ length: 50 }, (_, index) => type(apps[index % 2]!, code, { form: `form ${index}` })),
      );
      expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });
  });
});
