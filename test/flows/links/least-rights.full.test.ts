import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { createApp, type App } from '../../../src/app.ts';
import { Secret } from '../../../src/values/secret.ts';
import type { Db } from '../../../src/db/connect.ts';
import { applyToken } from '../../helpers/apply-token.ts';
import { checkKnownPassword } from '../../../src/flows/passwords/check-known-password.ts';
import { cleanUpLedger } from '../../../src/flows/batch/clean-up.ts';
import { issueLink } from '../../../src/flows/links/issue-link.ts';
import { readUserStatus } from '../../../src/flows/history/read-status.ts';
import { revokeOfUser } from '../../../src/flows/links/revoke-tokens.ts';
import { runWorker } from '../../../src/flows/delivery/run-worker.ts';
import { sendReset } from '../../../src/flows/links/send-reset.ts';
import { findFormat } from '../../../src/passwords/find-format.ts';
import { getPreset } from '../../../src/users/preset/get-preset.ts';
import { createTestApp, type TestApp } from '../../helpers/create-test-app.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { createExample } from '../../helpers/example-tables.ts';

const newPassword = 'seven green apples on a roof';
const susan = { email: 'susan@example.com' };

/** The statements that `reset help database` gives people to run, for this role instead of `reset`. */
function grantsOfManual(role: string): string {
  const topic = readFileSync(new URL('../../../templates/help/database.md', import.meta.url), 'utf8');
  const [section = ''] = topic.slice(topic.indexOf('## Rights') + 2).split('\n## ');
  const sql = [...section.matchAll(/```sql\n(.+?)```/gs)].map(([, statements]) => statements).join('');
  return sql.replaceAll('to reset;', `to ${role};`);
}

eachDatabase(
  'a role with no more rights than the manual names',
  (open) => {
    let owner: TestApp;
    let guest: App | undefined;
    let role: string;
    afterEach(async () => {
      await guest?.close();
      await owner.app.usersDb.raw(`drop owned by ${role}`);
      await owner.app.usersDb.raw(`drop role ${role}`);
      await owner.close();
    });

    /** Migrated by the owner, then opened by the role. */
    async function openAsRole(): Promise<App> {
      const { url, db } = await open();
      const [{ encoded } = { encoded: '' }] = findFormat('django-pbkdf2').examples;
      await createExample(db, getPreset('django'), { hash: encoded });
      owner = await createTestApp({ database: url, config: { 'users.preset': 'django' } });
      role = `reset_least_${randomBytes(4).toString('hex')}`;
      await db.raw(`create role ${role} login`);
      await db.raw(grantsOfManual(role));
      const target = new URL(url);
      target.username = role;
      guest = await createApp(
        { ...owner.app.config, database: new Secret(target.href) },
        { clock: owner.app.clock, log: owner.app.log },
      );
      return guest;
    }

    it('R75: sends, resets and cleans up', async () => {
      const app = await openAsRole();
      const actor = app.operator;
      expect((await sendReset(app, { identifier: susan, actor, bucket: 'operator' })).status).toBe('sent');
      expect(await revokeOfUser(app, susan, actor)).toMatchObject({ revoked: 1 });
      const { token } = await issueLink(app, { identifier: susan, actor });
      expect(await applyToken(app, { token, password: newPassword, actor })).toMatchObject({
        status: 'applied',
      });
      await runWorker(app, { signal: new AbortController().signal, once: true });
      await owner.mailbox!.waitFor(2);
      expect(await checkKnownPassword(app, susan, newPassword)).toMatchObject({ accepted: true });
      expect((await readUserStatus(app, susan)).timeline).not.toEqual([]);
      await cleanUpLedger(app, 0);
      expect(await owner.app.usersDb('authtoken_token').pluck('user_id')).toEqual([2]);
    });

    it('R75: cannot change an address, add a user, drop a table or rewrite the audit', async () => {
      const { usersDb: db } = await openAsRole();
      const forbidden: ((db: Db) => PromiseLike<unknown>)[] = [
        () => db('auth_user').update({ email: 'eve@example.com' }),
        () => db('auth_user').insert({ email: 'eve@example.com' }),
        () => db('auth_user').delete(),
        () => db.schema.dropTable('reset_tokens'),
        () => db('reset_audit').update({ result: 'ok' }),
        () => db('reset_audit').delete(),
      ];
      for (const attempt of forbidden) await expect(attempt(db)).rejects.toMatchObject({ code: '42501' });
    });
  },
  ['postgres'],
);
