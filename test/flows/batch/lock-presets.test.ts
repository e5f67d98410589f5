import { expect, it } from 'vitest';
import { planBatch } from '../../../src/flows/batch/plan-batch.ts';
import { findUser } from '../../../src/users/reading/find-user.ts';
import type { Preset } from '../../../src/users/preset/preset.ts';
import { presets } from '../../../src/users/presets/index.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { isPossible, openPresetSite, tellingPresets } from '../../helpers/preset-site.ts';
import { expectLockedOut, isOneOfFew } from './lock-preset.ts';

const all: readonly Preset[] = presets;

eachDatabase('breach mode in the tables of', (open, dialect) => {
  const wanted = dialect === 'sqlite' ? tellingPresets.filter(isOneOfFew) : tellingPresets;
  it.each(wanted.filter((preset) => isPossible(preset, dialect)))(
    '$name: a wrong password and no error, no sessions, and a link helps',
    async (preset) => expectLockedOut(await open(), preset),
  );
});

/** For tables with a column that changes with the password only: one instant of January 2027, as they write it. */
const exact = [
  { name: 'phpbb', value: 1_800_000_000 },
  { name: 'mattermost', value: 1_800_000_000_000 },
  { name: 'redmine', value: '2027-01-15 08:00:00' },
];

eachDatabase('a new password by the application itself', (open) => {
  it.each(exact)('is known from the table of $name', async ({ name, value }) => {
    const site = await openPresetSite(
      await open(),
      all.find((each) => each.name === name)!,
    );
    try {
      const { app } = site;
      const mapping = await app.mapping();
      const { id } = (await findUser(app.usersDb, mapping, { email: 'susan@example.com' }))!;
      const users = () => app.usersDb(mapping.table);
      await users().update({ [mapping.changedAt!]: typeof value === 'number' ? 1 : '2001-01-01 00:00:00' });
      await users()
        .where({ [mapping.id]: id })
        .update({ [mapping.changedAt!]: value });
      const choice = { kind: 'users', where: [] } as const;
      const flags = { isLocking: false, isMailed: true, isDryRun: true };
      const changedSince = Date.UTC(2027, 0, 1);
      const { counts } = await planBatch(
        app,
        { choice, except: [], changedSince, actor: app.operator, ...flags },
        true,
      );
      expect(counts).toMatchObject({ total: 2, queued: 1, reasons: { changed_since: 1 } });
    } finally {
      await site.close();
    }
  });
});
