import { randomBytes } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { createApp, type App } from '../../../src/app.ts';
import { endAccess } from '../../../src/flows/access/end-access.ts';
import { requireChange } from '../../../src/flows/access/require-change.ts';
import { checkRights } from '../../../src/flows/checks/check-rights.ts';
import { Secret } from '../../../src/values/secret.ts';
import { openAccessSite } from '../../helpers/access-site.ts';
import type { TestApp } from '../../helpers/create-test-app.ts';
import { eachDatabase } from '../../helpers/databases.ts';

const identifier = { email: 'susan@example.com' };

eachDatabase(
  'a role that may reset, and no more',
  (open) => {
    let owner: TestApp;
    let guest: App;
    const role = `reset_access_${randomBytes(4).toString('hex')}`;
    afterEach(async () => {
      await guest.close();
      await owner.app.usersDb.raw(`drop owned by ${role}`);
      await owner.app.usersDb.raw(`drop role ${role}`);
      await owner.close();
    });

    it.each(['redmine', 'moodle', 'discourse'])(
      '%s: the doctor says what access needs besides, and its remedy is enough',
      async (preset) => {
        const database = await open();
        owner = await openAccessSite(database, preset);
        const { usersDb: db } = owner.app;
        await db.raw(`create role ${role} login`);
        const [complete] = await checkRights(owner.app);
        for (const sql of complete!.details!['grants'] as string[])
          await db.raw(sql.replace(/ to \S+;$/, ` to ${role};`));
        const target = new URL(database.url);
        target.username = role;
        const { config, clock, log } = owner.app;
        guest = await createApp({ ...config, database: new Secret(target.href) }, { clock, log });

        const findings = await checkRights(guest);
        expect(findings.map(({ code }) => code)).toEqual(['rights_complete', 'access_rights_missing']);
        const { message, remedy } = findings[1]!;
        expect(message).toContain(`${role} cannot show or end all that opens an account, and lacks: `);
        for (const sql of String(remedy).split('\n')) await db.raw(sql);
        // Ids of a table that access fills.
        await db.raw(`grant usage on all sequences in schema public to ${role}`);
        expect((await checkRights(guest)).map(({ code }) => code)).toEqual(['rights_complete']);

        const actor = guest.operator;
        expect((await endAccess(guest, { identifier, kinds: 'all', actor })).left).toEqual([]);
        await requireChange(guest, { identifier, isUndo: true, actor });
        expect((await requireChange(guest, { identifier, isUndo: false, actor })).status).toBe('required');
      },
    );
  },
  ['postgres'],
);
