import { expect, it } from 'vitest';
import type { Db } from '../../../src/db/connect.ts';
import { inTransaction } from '../../../src/db/transaction.ts';
import { isResetError } from '../../../src/errors.ts';
import { applyToken } from '../../helpers/apply-token.ts';
import { checkKnownPassword } from '../../../src/flows/passwords/check-known-password.ts';
import { explainPreset } from '../../../src/flows/setup/explain-preset.ts';
import { issueLink } from '../../../src/flows/links/issue-link.ts';
import { planBatch } from '../../../src/flows/batch/plan-batch.ts';
import { findFormat } from '../../../src/passwords/find-format.ts';
import { findUser } from '../../../src/users/reading/find-user.ts';
import { betterAuth } from '../../../src/users/presets/better-auth.ts';
import { writePassword } from '../../../src/users/writing/write-password.ts';
import { createTestApp, type TestApp } from '../../helpers/create-test-app.ts';
import { eachDatabase, type TestDatabase } from '../../helpers/databases.ts';
import { createExample } from '../../helpers/example-tables.ts';
import { withNeighbour } from '../../helpers/neighbour.ts';
import { everybody } from '../../helpers/batch-request.ts';

const password = 'seven green apples on a roof';
const email = 'susan@example.com';
const id = 'AbC1';

interface Account {
  readonly id: string | number;
  readonly userId: string;
  readonly providerId: string;
  readonly accountId: string;
  readonly issuer?: string;
  readonly createdAt?: string | null;
}

/** Susan signs in through GitHub alone; her neighbour has a password. */
async function openSite(
  { db, url }: TestDatabase,
  prepare: (db: Db) => Promise<unknown> = () => Promise.resolve(),
): Promise<TestApp> {
  const { encoded } = findFormat('better-auth').examples[0]!;
  await createExample(db, withNeighbour(betterAuth), { hash: encoded });
  await db('account').where({ userId: id, providerId: 'credential' }).delete();
  await prepare(db);
  return createTestApp({ database: url, config: { 'users.preset': 'better-auth' } });
}

const accountsOf = async ({ app }: TestApp): Promise<Account[]> =>
  (await app.usersDb('account').where({ userId: id }).orderBy('providerId')) as Account[];

eachDatabase('a user without a row for the password, where the application makes one', (open, dialect) => {
  const issue = ({ app }: TestApp) => issueLink(app, { identifier: { email }, actor: app.operator });
  const apply = ({ app }: TestApp, token: string, typed = password) =>
    applyToken(app, { token, password: typed, actor: app.operator });

  it('gets one with a link of her own, and keeps her provider', async () => {
    const site = await openSite(await open());
    const before = await site.app.usersDb('account').whereNot({ userId: id });
    expect(await apply(site, (await issue(site)).token)).toMatchObject({ sessionsEnded: 1, userId: id });
    const [credential, github, ...rest] = await accountsOf(site);
    expect(credential).toMatchObject({ providerId: 'credential', accountId: id });
    expect(credential?.id).toMatch(/^[A-Za-z0-9]{32}$/);
    expect([github?.providerId, rest]).toEqual(['github', []]);
    expect(await checkKnownPassword(site.app, { id }, password)).toMatchObject({ hashFormat: 'better-auth' });
    expect(await site.app.usersDb('account').whereNot({ userId: id })).toEqual(before);
    // From now on the row is updated.
    await apply(site, (await issue(site)).token, `${password} again`);
    expect(await accountsOf(site)).toHaveLength(2);
    await site.close();
  });

  it('gets it in the columns that this release has, with an id that the database draws', async () => {
    const site = await openSite(await open(), async (db) => {
      await db.schema.dropTable('account');
      await db.schema.createTable('account', (table) => {
        table.increments('id');
        table.string('userId', 36);
        table.string('providerId', 64);
        table.string('accountId', 255);
        table.string('issuer', 64).notNullable();
        table.text('password');
        table.timestamp('createdAt').notNullable();
        table.timestamp('updatedAt').notNullable();
      });
    });
    await apply(site, (await issue(site)).token);
    const [credential, ...rest] = await accountsOf(site);
    expect(credential).toMatchObject({ id: 1, accountId: id, issuer: 'local:credential' });
    expect(credential?.createdAt).toMatch(/^20\d\d-/);
    expect(rest).toEqual([]);
    await site.close();
  });

  it('gets one alone, however many links are used at once', async () => {
    const site = await openSite(await open());
    const tokens = [await issue(site), await issue(site), await issue(site)].map(({ token }) => token);
    const ends = await Promise.all(
      [...tokens, ...tokens].map((token) =>
        apply(site, token).then(
          () => 'applied',
          (error: unknown) => (isResetError(error) ? error.code : error),
        ),
      ),
    );
    expect(ends.filter((end) => end === 'applied')).toHaveLength(1);
    expect(ends.filter((end) => end === 'token_used' || end === 'token_revoked')).toHaveLength(5);
    expect((await accountsOf(site)).map(({ providerId }) => providerId)).toEqual(['credential', 'github']);
    await site.close();
  });

  it.each([{ email: 'else@example.com' }, { banned: true }])(
    'gets none when her row changes between the look at it and the write: %o',
    async (change) => {
      const site = await openSite(await open());
      const mapping = await site.app.mapping();
      const user = (await findUser(site.app.usersDb, mapping, { id }))!;
      await site.app.usersDb('user').where({ id }).update(change);
      const { encoded } = findFormat('better-auth').examples[0]!;
      const write = inTransaction(site.app.usersDb, (trx) => writePassword(trx, mapping, user, encoded, 0));
      expect(await write).toBe(false);
      expect(await accountsOf(site)).toHaveLength(1);
      await site.close();
    },
  );

  it('gets none when a step after it fails', async () => {
    const site = await openSite(await open());
    const { token } = await issue(site);
    await site.app.mapping(); // as it was with the table of the sessions
    await site.app.usersDb.schema.dropTable('session');
    await expect(apply(site, token)).rejects.toMatchObject({ code: 'config_invalid' });
    expect(await accountsOf(site)).toHaveLength(1);
    await site.close();
  });

  it('is left out of a batch, because nobody asked', async () => {
    const site = await openSite(await open());
    const { counts } = await planBatch(site.app, everybody(site.app, { isDryRun: true }), true);
    expect(counts).toMatchObject({ queued: 1, reasons: { user_refused: 1 } });
    await site.close();
  });

  if (dialect !== 'sqlite') return;
  it('is listed by reset presets', () => {
    const { sql, refused } = explainPreset('better-auth');
    expect(sql[1]).toMatch(
      /^or, where there is no such row: insert into account \(.*issuer.*\) values \(.*'local:credential'.*<id>.*<new hash>\)/,
    );
    expect(refused).toEqual([expect.stringMatching(/^in a batch only: .*provider/)]);
    expect(explainPreset('discourse').refused).toEqual([expect.stringMatching(/never set a password/)]);
  });
});
