import { expect, it, onTestFinished } from 'vitest';
import { applyToken } from '../../helpers/apply-token.ts';
import { handleTypedAddress } from '../../../src/flows/visitors/handle-typed-address.ts';
import { issueLink } from '../../../src/flows/links/issue-link.ts';
import { runWorker } from '../../../src/flows/delivery/run-worker.ts';
import { sendReset } from '../../../src/flows/links/send-reset.ts';
import { createTestApp, type TestApp } from '../../helpers/create-test-app.ts';
import { eachDatabase, type TestDatabase } from '../../helpers/databases.ts';
import { startTcpProxy, type TcpProxy } from '../../helpers/tcp-proxy.ts';
import { ending } from '../../helpers/ending.ts';

const email = 'susan@example.com';

interface Site extends TestApp {
  readonly proxy: TcpProxy;
  readonly db: TestDatabase['db'];
}

/** An app that reaches its database through a cable, and a way around it. */
async function openSite({ db, url }: TestDatabase): Promise<Site> {
  const proxy = await startTcpProxy(url);
  const test = await createTestApp({ database: proxy.url });
  onTestFinished(() => test.close());
  await test.addUser({ email });
  return { ...test, proxy, db };
}

const linkIn = (text: string | undefined): string | undefined =>
  /https:\S+\/reset_password\/\S+/.exec(text ?? '')?.[0];

/** The cable is pulled at the first message, the second, and so on, until the work needs fewer than that. */
async function atEveryMessage(
  { proxy, db }: Site,
  { when, awayMs }: { readonly when: 'unsent' | 'unanswered'; readonly awayMs?: number },
  attempt: (pull: () => void) => Promise<void>,
): Promise<number> {
  for (let message = 1; ; message += 1) {
    let isPulled = false;
    await attempt(() => {
      isPulled = true;
      proxy.cutAfter(message, when, awayMs);
    });
    expect(isPulled).toBe(true);
    if (!proxy.isCut()) return message;
    await proxy.restore();
    await db('reset_throttle').delete();
  }
}

eachDatabase(
  'a connection that is lost at any moment',
  (open) => {
    const hash = async ({ db }: Site): Promise<string> =>
      ((await db('users').where({ email }).first('password_hash')) as { password_hash: string })
        .password_hash;

    async function applyOnce(site: Site, pull: () => void) {
      const { token } = await issueLink(site.app, { identifier: { email }, actor: site.app.operator });
      const before = await hash(site);
      pull();
      const password = `seven green apples on a roof ${before.slice(-6)}`;
      const ended = await ending(applyToken(site.app, { token, password, actor: site.app.operator }));
      return { ended, isChanged: (await hash(site)) !== before };
    }

    it.each(['unsent', 'unanswered'] as const)(
      'leaves a new password or none, and says which, when the database comes back (%s)',
      async (when) => {
        const site = await openSite(await open());
        const count = await atEveryMessage(site, { when, awayMs: 300 }, async (pull) => {
          const { ended, isChanged } = await applyOnce(site, pull);
          expect(ended.code).toBe(isChanged ? 'fine' : 'database_unavailable');
          expect(ended.message).not.toMatch(/select|update|begin|commit/i);
          expect(await site.db('reset_tokens').where({ state: 'used' })).toHaveLength(
            (await site.db('reset_audit').where({ event: 'password_changed' })).length,
          );
        });
        expect(count).toBeGreaterThan(10);
      },
    );

    it('never says that nothing was changed where it cannot know', async () => {
      const site = await openSite(await open());
      let doubts = 0;
      await atEveryMessage(site, { when: 'unanswered' }, async (pull) => {
        const { ended, isChanged } = await applyOnce(site, pull);
        doubts += ended.isUncertain ? 1 : 0;
        expect(isChanged).toBe(ended.code === 'fine' || ended.isUncertain);
        expect(ended.message).toMatch(
          ended.isUncertain
            ? /is unknown.+reset status$/
            : /^$|[Nn]othing was changed|was lost\. Try again|cannot be reached/,
        );
      });
      expect(doubts).toBe(1);
    });

    it('loses no mail that is under way, and says that it must not be sent again', async () => {
      const site = await openSite(await open());
      const mails = site.mailbox!.messages;
      await atEveryMessage(site, { when: 'unsent', awayMs: 300 }, async (pull) => {
        const [queued, sent] = [await site.db('reset_outbox'), mails.length];
        pull();
        const ended = await ending(
          sendReset(site.app, { identifier: { email }, actor: site.app.operator, bucket: 'operator' }),
        );
        const isQueued = (await site.db('reset_outbox')).length > queued.length;
        expect([isQueued, ended.message]).toEqual([
          isQueued,
          expect.stringMatching(
            isQueued
              ? /^$|send it again.+reset status/
              : /[Nn]othing was changed|was lost\. Try again|cannot be reached|is unknown/,
          ),
        ]);
        await site.proxy.restore();
        await site.db('reset_outbox').where({ state: 'claimed' }).update({ claimed_until: 0 }); // its lease is over
        await runWorker(site.app, { signal: new AbortController().signal, once: true });
        const links = mails.slice(sent).map(({ parsed }) => linkIn(parsed.text));
        expect(new Set(links).size).toBe(isQueued ? 1 : 0);
        expect(links.length).toBeLessThanOrEqual(ended.code === 'fine' ? 1 : 2);
      });
    });

    it('costs nobody the mail that was asked for on the request page', async () => {
      const site = await openSite(await open());
      await atEveryMessage(site, { when: 'unsent', awayMs: 300 }, async (pull) => {
        await site.db('reset_outbox').delete();
        pull();
        expect(await handleTypedAddress(site.app, { email, ip: '192.0.2.1', requestId: 'r' })).toBe(true);
        expect(await site.db('reset_outbox')).toHaveLength(1);
      });
    });

    it('does not make it fail forever', async () => {
      const site = await openSite(await open());
      await site.proxy.cut();
      const first = await ending(issueLink(site.app, { identifier: { email }, actor: site.app.operator }));
      expect(first).toMatchObject({ code: 'database_unavailable' });
      await site.proxy.restore();
      const { token } = await issueLink(site.app, { identifier: { email }, actor: site.app.operator });
      expect(token).toMatch(/^eyJ/);
    });
  },
  ['postgres', 'mysql'],
);
