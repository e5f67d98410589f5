import { afterEach, expect, it } from 'vitest';
import { planRequireMany, requireMany, type RequireMany } from '../../../src/flows/access/require-many.ts';
import { planRequire, requireChange } from '../../../src/flows/access/require-change.ts';
import { showAccess } from '../../../src/flows/access/show-access.ts';
import { issueLink } from '../../../src/flows/links/issue-link.ts';
import { sendNotice } from '../../../src/flows/links/send-notice.ts';
import { extractToken } from '../../../src/tokens/extract-token.ts';
import { openAccessSite } from '../../helpers/access-site.ts';
import { applyToken } from '../../helpers/apply-token.ts';
import type { TestApp } from '../../helpers/create-test-app.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { rejection } from '../../helpers/rejection.ts';

const identifier = { email: 'susan@example.com' };
const WITH_FLAG = ['discourse', 'gitea', 'gitlab', 'joomla', 'moodle', 'redmine'];

eachDatabase('a new password at the next login', (open) => {
  let test: TestApp;
  afterEach(() => test.close());

  const one = (isUndo = false) => ({ identifier, isUndo, actor: test.app.operator });
  const many = (more: Partial<RequireMany> = {}): RequireMany => ({
    where: [],
    except: [],
    isUndo: false,
    actor: test.app.operator,
    ...more,
  });
  const run = async (request: RequireMany) => {
    const plan = await planRequireMany(test.app, request);
    const signal = new AbortController().signal;
    return { plan, ...(await requireMany(test.app, request, plan, { signal, onChanged: () => undefined })) };
  };
  const isFlagged = async () => {
    const { access } = await showAccess(test.app, identifier);
    return access.some(({ kind, count }) => kind === 'must-change' && count > 0);
  };
  const events = async () =>
    ((await test.app.ledger('reset_audit').orderBy('id')) as { event: string; result: string }[]).map(
      ({ event, result }) => `${event} ${result}`,
    );

  it.each(WITH_FLAG)('%s: is demanded, lifted by the operator, and by a reset', async (preset) => {
    test = await openAccessSite(await open(), preset);
    expect(await isFlagged()).toBe(true); // as the fixture has it
    await requireChange(test.app, one(true));
    expect(await isFlagged()).toBe(false);
    const { requestId } = await requireChange(test.app, one());
    expect(await isFlagged()).toBe(true);
    expect(await sendNotice(test.app, requestId)).toBeUndefined();
    expect(test.mailbox!.messages.at(-1)!.parsed.text).toContain(
      'You’ll have to choose a new password the next time you sign in.',
    );
    expect(await events()).toEqual(
      expect.arrayContaining(['change_lifted ok', 'change_demanded ok']) as unknown,
    );

    const { url } = await issueLink(test.app, { identifier, actor: test.app.operator });
    const password = 'correct horse battery staple';
    await applyToken(test.app, { token: extractToken(url), password, actor: test.app.operator });
    expect(await isFlagged()).toBe(false);
  });

  it.each(WITH_FLAG)('%s: the same for many at once', async (preset) => {
    test = await openAccessSite(await open(), preset);
    expect((await run(many({ isUndo: true }))).changed).toBeGreaterThan(0);
    expect(await isFlagged()).toBe(false);
    const { plan, changed, isComplete } = await run(many());
    expect([changed, isComplete]).toEqual([plan.chosen, true]);
    expect(await isFlagged()).toBe(true);
    const again = await run(many());
    expect([again.changed, again.plan.spared.already]).toEqual([0, changed]);
    expect(await test.app.ledger('reset_outbox')).toHaveLength(0);
  });

  it('refuses what is so already, and says what to do where there is no flag', async () => {
    test = await openAccessSite(await open(), 'redmine');
    expect(await rejection(requireChange(test.app, one()))).toMatchObject({ details: { limit: 'already' } });
    await requireChange(test.app, one(true));
    expect(await rejection(requireChange(test.app, one(true)))).toMatchObject({
      details: { limit: 'nothing_there' },
    });
    expect(await events()).toEqual([
      'access_refused already',
      'change_lifted ok',
      'access_refused nothing_there',
    ]);
  });

  it('names send where the application has no such flag', async () => {
    test = await openAccessSite(await open(), 'django');
    for (const work of [() => planRequire(test.app, one()), () => planRequireMany(test.app, many())])
      expect(await rejection(work())).toMatchObject({
        code: 'access_unknown',
        message: expect.stringContaining('reset send EMAIL') as string,
      });
  });

  it('leaves out who is named, protected, inactive, or has no password', async () => {
    test = await openAccessSite(await open(), 'redmine', { 'support.protect': { login: 'susan' } });
    await run(many({ isUndo: true, forceProtected: true }));
    expect((await planRequireMany(test.app, many())).spared.protected).toBe(1);
    const { chosen } = await planRequireMany(test.app, many({ forceProtected: true }));
    const except = [{ column: 'login', value: 'susan' }];
    const without = await planRequireMany(test.app, many({ except }));
    expect([without.chosen, without.spared.excepted]).toEqual([chosen - 1, 1]);
    await test.app.usersDb('users').where({ login: 'susan' }).update({ status: 3 });
    expect((await planRequireMany(test.app, many({ forceProtected: true }))).spared.inactive).toBe(1);
  });

  it('more users than an operator may change in an hour: none is changed', async () => {
    test = await openAccessSite(await open(), 'redmine', { 'support.perHour': 1 });
    const request = many({ isUndo: true });
    const stop = { signal: new AbortController().signal, onChanged: () => undefined };
    expect(await rejection(requireMany(test.app, request, { chosen: 2 }, stop))).toMatchObject({
      code: 'throttled',
    });
    expect(await isFlagged()).toBe(true);
  });

  it('stops before the next page, and goes on when it is asked again', async () => {
    test = await openAccessSite(await open(), 'redmine');
    const request = many({ isUndo: true });
    const plan = await planRequireMany(test.app, request);
    const stop = { signal: AbortSignal.abort(), onChanged: () => undefined };
    expect(await requireMany(test.app, request, plan, stop)).toEqual({ changed: 0, isComplete: false });
    expect(await isFlagged()).toBe(true);
    expect((await run(request)).isComplete).toBe(true);
    expect(await isFlagged()).toBe(false);
  });
});
