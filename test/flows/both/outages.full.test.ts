import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import type { App } from '../../../src/app.ts';
import { connect, type Db } from '../../../src/db/connect.ts';
import { endAccess } from '../../../src/flows/access/end-access.ts';
import { showAccess } from '../../../src/flows/access/show-access.ts';
import { planBatch } from '../../../src/flows/batch/plan-batch.ts';
import { beginBatch } from '../../../src/flows/batch/start-batch.ts';
import { retryWhileAway } from '../../../src/flows/delivery/retry-while-away.ts';
import { runWorker } from '../../../src/flows/delivery/run-worker.ts';
import { issueLink } from '../../../src/flows/links/issue-link.ts';
import { sendReset } from '../../../src/flows/links/send-reset.ts';
import { openToken } from '../../../src/flows/links/verify-reset-token.ts';
import { makeAccessTables } from '../../helpers/access-site.ts';
import { applyToken } from '../../helpers/apply-token.ts';
import { everybody } from '../../helpers/batch-request.ts';
import { createTestApp, type TestApp } from '../../helpers/create-test-app.ts';
import { keepApart } from '../../helpers/ledger-of.ts';
import { eachOwnServer, type OwnServer } from '../../helpers/own-server.ts';
import { makeFolder } from '../../helpers/run-reset.ts';
import { startStatementProxy, type Moment, type StatementProxy } from '../../helpers/statement-proxy.ts';
import { ending, type Ended } from '../../helpers/ending.ts';

type Side = 'users' | 'ledger';

/** How a server goes away, and when it is back. */
type How =
  /** the connections break, and the server is there all the time */
  | 'cable'
  /** it crashes, and is back before anybody hears of it */
  | 'restart'
  /** it crashes, and is back when the command has ended */
  | 'away';

interface Step extends Moment {
  readonly name: string;
  readonly at: Side;
  readonly how: How;
}

const atCable = (at: Side, name: string, text: RegExp): Step => ({
  name,
  at,
  text,
  how: 'cable',
  when: 'unsent',
});

/** A COMMIT is where the answer may be lost, and where a server that stays away leaves doubt, which costs eight seconds. */
function atCommit(at: Side, after: RegExp, ...away: readonly Moment['when'][]): Step[] {
  const ways: [Moment['when'], How][] = [
    ['unsent', 'cable'],
    ['unanswered', 'cable'],
    ['unanswered', 'restart'],
  ];
  return [...ways, ...away.map((when) => [when, 'away'] as const)].map(([when, how]) => ({
    ...{ at, after, when, how },
    name: `${at} commit, ${when}, ${how}`,
    text: /\bCOMMIT\b/i,
  }));
}

const RESET: readonly Step[] = [
  atCable('ledger', 'the intent is declared', /insert into .reset_intents/),
  { ...atCable('ledger', 'the intent is committed', /\bCOMMIT\b/i), when: 'unanswered' },
  atCable('ledger', 'the intent is held', /update .reset_intents/),
  atCable('ledger', 'the token is used', /update .reset_tokens/),
  atCable('users', 'the password is written', /update .users/),
  atCable('ledger', 'the notice is queued', /insert into .reset_outbox/),
  atCable('ledger', 'the intent is dropped', /delete from .reset_intents/),
  ...atCommit('users', /update .users/, 'unsent', 'unanswered'),
  ...atCommit('ledger', /delete from .reset_intents/, 'unanswered'),
];

const LOCK: readonly Step[] = [
  atCable('ledger', 'the intent is declared', /insert into .reset_intents/),
  atCable('users', 'the passwords are locked', /update .users/),
  atCable('ledger', 'the rows are marked', /update .reset_outbox. set .locked_at/),
  ...atCommit('users', /update .users/, 'unanswered'),
  ...atCommit('ledger', /delete from .reset_intents/, 'unanswered'),
];

const END: readonly Step[] = [
  atCable('users', 'the rows are deleted', /delete from .otp_totp/),
  ...atCommit('users', /delete from .otp_totp/, 'unanswered'),
  ...atCommit('ledger', /delete from .reset_intents/),
];

const SEND: readonly Step[] = [
  atCable('ledger', 'the mail is queued', /insert into .reset_outbox/),
  atCable('users', 'the person is looked up', /select .* from .users/),
  ...atCommit('ledger', /insert into .reset_outbox/),
];

const email = 'susan@example.com';
const password = 'seven green apples on a roof';

interface Scene {
  readonly app: App;
  readonly test: TestApp;
  readonly proxy: StatementProxy;
  /** a look into both databases by a way around the proxy */
  look<T>(at: (users: Db, ledger: Db) => Promise<T>): Promise<T>;
  /** the server goes away at this step; afterwards it is there again */
  during<T>(step: Step, work: () => Promise<T>): Promise<T>;
}

async function makeScene(
  server: OwnServer,
  side: Side,
  { prepare, preset = 'default' }: { prepare?: (db: Db) => Promise<void>; preset?: string } = {},
): Promise<Scene> {
  const url = await server.createDatabase();
  const file = `sqlite:${join(await makeFolder(), 'other.db')}`;
  const proxy = await startStatementProxy(url);
  const pairOf = (served: string) =>
    side === 'users' ? ([served, file] as const) : ([file, served] as const);
  const [database, ledger] = pairOf(proxy.url);
  keepApart(database, ledger);
  if (prepare) {
    const db = await connect(pairOf(url)[0], { mayCreate: true });
    await prepare(db).finally(() => db.destroy());
  }
  const test = await createTestApp({ database, config: { 'users.preset': preset } });
  onTestFinished(() => test.close());
  const look: Scene['look'] = async (at) => {
    const [users, own] = [await connect(pairOf(url)[0]), await connect(pairOf(url)[1])];
    return at(users, own).finally(() => Promise.all([users.destroy(), own.destroy()]));
  };
  const during: Scene['during'] = async (step, work) => {
    proxy.breakAt(step, async () => {
      if (step.how !== 'cable') await server.stop('crash');
      if (step.how === 'restart') await server.start();
    });
    const result = await work();
    expect(proxy.isBroken()).toBe(true);
    await server.start();
    return result;
  };
  return { app: test.app, test, proxy, look, during };
}

/** The first connection may be one that broke. */
const patiently = <T>(work: () => Promise<T>): Promise<T> => retryWhileAway(work, [50, 250, 1000, 4000]);

/**
 * What was said is true, and a doubt is left only by a server that stayed away. A command that has more to do says that it
 * could not, and not that nothing was changed.
 */
function expectTruth({ code, message, isUncertain }: Ended, isWritten: boolean, { how }: Step): void {
  const expected = how === 'away' ? [true, false] : [false];
  expect(expected).toContain(isUncertain || (isWritten && code !== 'fine'));
  expect(isWritten || code !== 'fine').toBe(true);
  expect(isWritten ? message : '').not.toMatch(/nothing was changed/i);
}

const countsOf = ({ look }: Scene, event: string, kind: string) =>
  look(async (_, ledger) => ({
    audit: (await ledger('reset_audit').where({ event })).length,
    mails: (await ledger('reset_outbox').where({ kind })).length,
    intents: (await ledger('reset_intents')).length,
  }));

const hashes = ({ look }: Scene) =>
  look((users) => users('users').orderBy('id').pluck('password_hash') as Promise<string[]>);

eachOwnServer('two databases, of which one goes away', (server) => {
  afterEach(() => server.start());

  describe.each(['users', 'ledger'] as const)('the server of the %s', (side) => {
    const ofSide = (steps: readonly Step[]) => steps.filter(({ at }) => at === side);

    it.each(ofSide(RESET))('a reset: $name', async (step) => {
      const scene = await makeScene(server, side);
      const { app, test } = scene;
      const actor = app.operator;
      await test.addUser({ email });
      const before = await hashes(scene);
      const { token } = await issueLink(app, { identifier: { email }, actor });
      const use = () => applyToken(app, { token, password, actor });
      const ended = await scene.during(step, () => ending(use()));
      const isWritten = (await hashes(scene)).join() !== before.join();
      expectTruth(ended, isWritten, step);
      const next = await patiently(() => ending(openToken(app, token, actor)));
      expect(next.code).toBe(isWritten ? 'token_used' : 'fine');
      if (!isWritten) await use();
      await app.ledger('reset_intents').update({ created_at: 0 }); // what a command gave up is found by a worker
      await runWorker(app, { signal: new AbortController().signal, once: true });
      expect(await countsOf(scene, 'password_changed', 'notice')).toEqual({ audit: 1, mails: 1, intents: 0 });
    });

    it.each(ofSide(LOCK))('a lock: $name', async (step) => {
      const scene = await makeScene(server, side);
      const { app, test } = scene;
      for (const name of ['susan', 'tom']) await test.addUser({ email: `${name}@example.com` });
      const before = await hashes(scene);
      const { batch } = await planBatch(app, everybody(app, { isLocking: true, isMailed: false }), true);
      const { signal } = new AbortController();
      const begin = () => beginBatch(app, batch, { signal, onLocked: () => undefined });
      const ended = await scene.during(step, () => ending(begin()));
      const locked = await hashes(scene);
      const isWritten = locked.join() !== before.join();
      expectTruth(ended, isWritten, step);
      if (ended.code !== 'fine') await patiently(begin);
      await patiently(() => app.ledger('reset_intents').update({ created_at: 0 }));
      await runWorker(app, { signal, once: true });
      const after = await hashes(scene);
      expect(after.join() === locked.join()).toBe(isWritten);
      expect(after.some((hash) => before.includes(hash))).toBe(false);
      await scene.look(async (_, ledger) => {
        expect(await ledger('reset_locks').whereIn('encoded', after)).toHaveLength(2);
        expect(await ledger('reset_audit').where({ result: 'users_locked' })).toHaveLength(1);
        expect(await ledger('reset_intents')).toEqual([]);
      });
    });

    it.each(ofSide(END))('an end of access: $name', async (step) => {
      const preset = 'django';
      const scene = await makeScene(server, side, {
        preset,
        prepare: (db) => makeAccessTables({ db }, preset),
      });
      const { app } = scene;
      const end = () => endAccess(app, { identifier: { email }, kinds: ['totp'], actor: app.operator });
      const rows = () => scene.look((users) => users('otp_totp_totpdevice').where({ user_id: 1 }));
      const ended = await scene.during(step, () => ending(end()));
      const isWritten = (await rows()).length === 0;
      expectTruth(ended, isWritten, step);
      await patiently(() => showAccess(app, { email }));
      if (!isWritten) await end();
      expect(await countsOf(scene, 'access_ended', 'access')).toEqual({ audit: 1, mails: 1, intents: 0 });
    });

    it.each(ofSide(SEND))('a send: $name', async (step) => {
      const scene = await makeScene(server, side);
      const { app, test } = scene;
      await test.addUser({ email });
      const send = () => sendReset(app, { identifier: { email }, actor: app.operator, bucket: null });
      const ended = await scene.during(step, () => ending(send()));
      const queued = await scene.look((_, ledger) => ledger('reset_outbox') as Promise<unknown[]>);
      expect(queued.length).toBeGreaterThanOrEqual(ended.code === 'fine' ? 1 : 0);
      await patiently(() =>
        app.ledger('reset_outbox').where({ state: 'claimed' }).update({ claimed_until: 0 }),
      );
      await runWorker(app, { signal: new AbortController().signal, once: true });
      const links = test.mailbox!.messages.map(({ parsed }) => /https:\S+/.exec(parsed.text ?? '')?.[0]);
      expect(new Set(links).size).toBe(queued.length);
    });
  });
});
