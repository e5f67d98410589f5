import { expect, it } from 'vitest';
import { connect } from '../../../src/db/connect.ts';
import { findFormat } from '../../../src/passwords/find-format.ts';
import { getPreset } from '../../../src/users/preset/get-preset.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { createExample } from '../../helpers/example-tables.ts';
import { neighbourEmail, withNeighbour } from '../../helpers/neighbour.ts';
import { sendRaw } from '../../helpers/raw-http.ts';
import { goodPassword, makeSetup, type Setup, succeed, susan } from '../../helpers/run-reset.ts';
import { startServe } from '../../helpers/start-reset.ts';

/** Susan and Zoe as this application stores them, in a database with our tables. */
async function setUp(url: string, name: string): Promise<Setup> {
  const setup = await makeSetup({ database: url });
  const db = await setup.open();
  await db.schema.dropTable('users'); // of the default preset
  const preset = withNeighbour(getPreset(name));
  const format = findFormat(preset.hashFormat ?? 'bcrypt');
  const { encoded } = format.examples[0]!;
  await createExample(db, preset, format.columns?.split(encoded) ?? { hash: encoded });
  await setup.configure({ 'users.preset': name });
  return setup;
}

eachDatabase('reset apply on the tables of', (open) => {
  it.each([
    ['wordpress', 1, [/persistent object cache.+wp cache flush/, /Application passwords stay good/]],
    ['drupal', 1, [/cache outside the database.+drush cr/]],
    ['better-auth', 1, [/secondary storage/]],
    ['gitea', 1, [/Access tokens and SSH keys stay good/]],
    ['django', 0, []],
    ['flask-microblog', 0, [/signed cookies and stay good; a new SECRET_KEY/]],
  ] as const)(
    '%s: says how many sessions ended, and what it cannot reach',
    async (name, sessionsEnded, advice) => {
      const { url } = await open();
      const setup = await setUp(url, name);
      const said = await succeed(setup.apply(await setup.issue()));
      expect(said.stdout).toContain(
        sessionsEnded === 0
          ? name === 'django'
            ? '; sessions end by themselves\n'
            : 'written as'
          : `, ${sessionsEnded} ${sessionsEnded === 1 ? 'session' : 'sessions'} ended\n`,
      );
      expect(/\d sessions? ended/.test(said.stdout)).toBe(sessionsEnded > 0);
      const lines = said.stderr.split('\n').filter((line) => line !== '');
      expect(lines).toEqual(advice.map((words) => expect.stringMatching(words) as string));

      const db = await connect(url);
      await db('reset_throttle').delete();
      await db.destroy();
      const again = await succeed(setup.apply(await setup.issue(), `${goodPassword} again`, '--json'));
      const [row] = again.rows();
      expect(row).toEqual({
        status: 'applied',
        userId: expect.any(String) as string,
        email: susan.email,
        hashFormat: expect.any(String) as string,
        sessionsEnded: 0, // they are gone already
      });
    },
  );
});

eachDatabase('what a reset cannot reach', (open) => {
  it.each([
    ['django', 'token_blacklist_outstandingtoken', /simplejwt/],
    ['n8n', 'user_api_keys', /API keys/],
  ])('of %s is said only where the table %s is there', async (name, table, words) => {
    const { url } = await open();
    const setup = await setUp(url, name);
    expect((await succeed(setup.apply(await setup.issue()))).stderr).not.toMatch(words);
    const db = await connect(url);
    await db('reset_throttle').delete();
    await db.schema.createTable(table, (created) => created.increments('id'));
    await db.destroy();
    expect((await succeed(setup.apply(await setup.issue(), `${goodPassword} again`))).stderr).toMatch(words);
  });
});

eachDatabase('a user who signs in another way', (open) => {
  it.each([
    ['django', 'auth_user', { password: '!k8sFd0qk2' }, /marked unusable/],
    ['gitlab', 'users', { encrypted_password: '' }, /LDAP or SSO/],
    ['mastodon', 'users', { encrypted_password: '' }, /LDAP or SSO/],
    ['gitea', 'user', { login_source: 2 }, /LDAP, OAuth, PAM/],
  ] as const)(
    'of %s is refused to the operator, with a reason, and to the web without a sign',
    async (name, table, row, words) => {
      const setup = await setUp((await open()).url, name);
      const db = await setup.open();
      await db(table).where({ id: 1 }).update(row);
      for (const command of ['send', 'link']) {
        const ran = await setup.run([command, susan.email, '--json']);
        expect([ran.code, ran.stdout, ran.error().code, ran.error().details['reason']]).toEqual([
          4,
          '',
          'user_inactive',
          'refused',
        ]);
        expect(ran.error().message).toMatch(words);
        expect((await setup.run([command, susan.email])).stderr).toMatch(words);
      }
      const bulk = await succeed(setup.run(['send', '--all', '--yes', '--json']));
      const outcomes = bulk
        .rows()
        .map(({ email, status, reason, batch, skipped, sent }) =>
          batch === undefined ? [email, status, reason] : [sent, skipped],
        );
      expect(outcomes.slice(0, -1).sort()).toEqual([
        [susan.email, 'skipped', 'user_refused'],
        [neighbourEmail, 'sent', undefined],
      ]);
      expect(outcomes.at(-1)).toEqual([1, 1]);
      const plan = await succeed(setup.run(['send', '--all', '--dry-run']));
      expect(plan.stdout).toContain('skipped 1: user_refused');

      const served = await startServe(setup);
      const [refused, unknown] = [
        await ask(served.url, susan.email),
        await ask(served.url, 'nobody@example.com'),
      ];
      expect(refused).toEqual(unknown);
      expect(refused.status).toBe(303);
      await expect.poll(() => served.log().match(/"request_refused"/g)?.length).toBe(2);
      expect(await db('reset_outbox').where({ actor_kind: 'web' })).toEqual([]);
      expect(await served.stop()).toBe(0);
    },
  );
});

/** All that a visitor sees of the answer to a typed address, except what differs between any two answers. */
async function ask(url: string, email: string) {
  const body = new URLSearchParams({ email }).toString();
  const {
    status,
    headers,
    body: text,
  } = await sendRaw(
    { port: Number(new URL(url).port) },
    `POST /reset_password_request HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  return { status, text, headers: { ...headers, date: '', 'x-request-id': '' } };
}
