import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../../../src/app.ts';
import { bindReset } from '../../../src/create-reset.ts';
import { planBatch } from '../../../src/flows/batch/plan-batch.ts';
import { checkPasswords } from '../../../src/flows/checks/check-passwords.ts';
import { applyToken } from '../../helpers/apply-token.ts';
import { issueLink } from '../../../src/flows/links/issue-link.ts';
import { requestReset } from '../../../src/flows/links/request-reset.ts';
import { describePolicy } from '../../../src/flows/passwords/describe-policy.ts';
import { verifyResetToken } from '../../../src/flows/links/verify-reset-token.ts';
import { createTestApp, type TestApp } from '../../helpers/create-test-app.ts';
import { removeFolder } from '../../helpers/temporary-folder.ts';

const email = 'susan@example.com';
const long = 'Xa4/c2FsdHNhbHRzYWx0JHNlY3JldHNlY3JldHNlY3JldA';

/** Hashes that reset cannot read, as they are found in tables. */
const UNKNOWN = [
  ['a scheme that nobody has written yet', `{X-SCHEME}${long}`],
  ['a crypt of another kind', `$sm3$${long}`],
  ['bcrypt, cut by one character', '$2b$12$yxfSS9GV4KRGRbZ/krr9kuLHNtJopaYxshfHryYDdZuC4E1yeyqO'],
  ['bcrypt with a line break behind it', '$2b$12$yxfSS9GV4KRGRbZ/krr9kuLHNtJopaYxshfHryYDdZuC4E1yeyqOO\n'],
  ['a password in plain text', 'hunter2'],
] as const;

/** Everything that would lead to a password in another format. */
const DOORS: readonly (readonly [string, (app: App, token: string) => Promise<unknown>])[] = [
  ['link', (app) => issueLink(app, { identifier: { email }, actor: app.operator })],
  [
    'send and the request page',
    (app) => requestReset(app, { identifier: { email }, actor: app.operator, bucket: null }),
  ],
  [
    'apply',
    (app, token) => applyToken(app, { token, password: 'seven green apples on a roof', actor: app.operator }),
  ],
  [
    'the page of a link',
    async (app, token) => describePolicy(app, (await verifyResetToken(app, token)).user),
  ],
  ['verify', (app, token) => bindReset(app).verify(token)],
  ['send to many', (app) => planAll(app, false)],
  ['send --lock', (app) => planAll(app, true)],
];

const planAll = (app: App, isLocking: boolean) =>
  planBatch(
    app,
    {
      choice: { kind: 'users', where: [] },
      except: [],
      isLocking,
      isMailed: !isLocking,
      actor: app.operator,
      isDryRun: true,
    },
    true,
  );

interface Site {
  readonly auto: TestApp;
  /** the same database, with `users.hash` set */
  readonly decided: TestApp;
  readonly id: string;
  readonly token: string;
}

async function open(folder: string, encoded: string): Promise<Site> {
  const database = `sqlite:${join(folder, 'test.db')}`;
  const secret = `hex:${randomBytes(32).toString('hex')}`;
  const config = { secret, 'mail.url': 'file:mailbox' };
  const decided = await createTestApp({ database, config: { ...config, 'users.hash': 'bcrypt' } });
  const id = await decided.addUser({ email, password: null });
  await decided.app.usersDb('users').where({ id }).update({ password_hash: encoded });
  const { token } = await issueLink(decided.app, { identifier: { email }, actor: decided.app.operator });
  return { auto: await createTestApp({ database, config }), decided, id, token };
}

describe.each(UNKNOWN)('a hash that nobody here reads: %s', (_kind, encoded) => {
  let folder: string;
  let site: Site;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reset-unknown-'));
    site = await open(folder, encoded);
  });
  afterAll(async () => {
    await Promise.all([site.auto.close(), site.decided.close()]);
    await removeFolder(folder);
  });

  it.each(DOORS)(
    'stops %s, which names the user and the way out, and changes nothing',
    async (_door, enter) => {
      const { app } = site.auto;
      const error = await enter(app, site.token).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toMatchObject({ code: 'config_invalid' });
      const { message } = error as Error;
      expect(message).toContain(`User ${site.id} has a hash of a format that reset does not know`);
      expect(message).toContain('set users.hash');
      expect(message).not.toMatch(/hunter2|c2FsdHNh|yxfSS9/);
      const row = await app.usersDb('users').where({ id: site.id }).first('password_hash');
      expect(row).toEqual({ password_hash: encoded });
      expect(await app.ledger('reset_outbox').select()).toEqual([]);
    },
  );

  it('is a failure of doctor', async () => {
    const failures = (await checkPasswords(site.auto.app)).filter(({ status }) => status === 'failure');
    expect(failures.map(({ message }) => message)).toEqual([
      expect.stringContaining('1 of the newest rows hold a hash of a format that reset does not know'),
    ]);
  });

  it('is replaced once users.hash says by what', async () => {
    const { app } = site.decided;
    for (const [, enter] of [...DOORS].sort(([one]) => (one === 'apply' ? 1 : -1)))
      await expect(enter(app, site.token)).resolves.toBeDefined();
    expect((await checkPasswords(app)).filter(({ status }) => status === 'failure')).toEqual([]);
  });
});
