import { expect, it } from 'vitest';
import type { App } from '../../../src/app.ts';
import { applyToken } from '../../helpers/apply-token.ts';
import { issueLink } from '../../../src/flows/links/issue-link.ts';
import { planBatch } from '../../../src/flows/batch/plan-batch.ts';
import { beginBatch } from '../../../src/flows/batch/start-batch.ts';
import { findFormat, identifyFormat } from '../../../src/passwords/find-format.ts';
import { transformPassword } from '../../../src/passwords/transform.ts';
import type { User } from '../../../src/types.ts';
import { findUser } from '../../../src/users/reading/find-user.ts';
import type { Preset } from '../../../src/users/preset.ts';
import { presets } from '../../../src/users/presets/index.ts';
import { eachDatabase, type TestDatabase } from '../../helpers/databases.ts';
import { createExample, exampleTable } from '../../helpers/example-tables.ts';
import { createTestServer } from '../../helpers/http-server.ts';
import { neighbourEmail, withNeighbour } from '../../helpers/neighbour.ts';
import { oldHash, oldPassword } from '../../helpers/old-hash.ts';
import { everybody } from '../../helpers/batch-request.ts';

const all: readonly Preset[] = presets;

async function openSite({ db, url }: TestDatabase, preset: Preset) {
  const codec = findFormat(preset.hashFormat ?? 'bcrypt').columns;
  const encoded = await oldHash(preset);
  await createExample(db, preset, codec?.split(encoded) ?? { hash: encoded });
  return createTestServer({ database: url, config: { 'users.preset': preset.name } });
}

/** All on SQLite; elsewhere those whose tables are built differently, and the best-known ones: it is slow. */
const isTelling = ({ name, columns, passwordIn, siblings }: Preset): boolean =>
  passwordIn !== undefined ||
  siblings !== undefined ||
  typeof columns.password !== 'string' ||
  ['default', 'devise', 'django', 'laravel', 'wordpress'].includes(name);

/** What the application's own login does with the old password. */
function tryOldPassword({ passwordTransform = 'raw' }: Preset, { encoded }: User): Promise<boolean> {
  const format = identifyFormat(encoded ?? '');
  return format!.verify(transformPassword(oldPassword, passwordTransform), encoded ?? '');
}

async function lockEverybody(app: App): Promise<void> {
  const { batch } = await planBatch(app, everybody(app, { isLocking: true, isMailed: false }), true);
  await beginBatch(app, batch, { signal: new AbortController().signal, onLocked: () => undefined });
}

eachDatabase('breach mode in the tables of', (open, dialect) => {
  const possible =
    dialect === 'sqlite' ? all.filter(({ schema }) => schema === undefined) : all.filter(isTelling);
  it.each(possible)(
    '$name: a wrong password and no error, no sessions, and a link helps',
    async (original) => {
      const preset = withNeighbour(original);
      const site = await openSite(await open(), preset);
      try {
        const { app } = site;
        const mapping = await app.mapping();
        const find = async (email: string) => (await findUser(app.db, mapping, { email }))!;
        const before = await find('susan@example.com');
        expect(await tryOldPassword(preset, before)).toBe(true);

        await lockEverybody(app);

        for (const email of ['susan@example.com', neighbourEmail]) {
          const user = await find(email);
          expect(user.encoded).not.toBe(before.encoded);
          expect(identifyFormat(user.encoded!)?.name).toBe(identifyFormat(before.encoded!)?.name);
          expect(await tryOldPassword(preset, user), `${email} is locked out`).toBe(false);
          expect([user.isActive, user.refusal]).toEqual([true, null]);
        }
        for (const step of mapping.onReset.filter((each) => 'delete' in each)) {
          expect(await leftOf(app, preset, step, before)).toBe(0);
        }

        const { token } = await issueLink(app, {
          identifier: { email: 'susan@example.com' },
          actor: app.operator,
        });
        await applyToken(app, { token, password: 'seven green apples on a roof', actor: app.operator });
      } finally {
        await site.close();
      }
    },
  );
});

/** In the tables whose column tells of new passwords only: one instant of January 2027, as they write it. */
const exact = [
  { name: 'phpbb', value: 1_800_000_000 },
  { name: 'mattermost', value: 1_800_000_000_000 },
  { name: 'redmine', value: '2027-01-15 08:00:00' },
];

eachDatabase('a new password by the application itself', (open) => {
  it.each(exact)('is known from the table of $name', async ({ name, value }) => {
    const preset = withNeighbour(all.find((each) => each.name === name)!);
    const site = await openSite(await open(), preset);
    try {
      const { app } = site;
      const mapping = await app.mapping();
      const { id } = (await findUser(app.db, mapping, { email: 'susan@example.com' }))!;
      const users = () => app.db(mapping.table);
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

/** Rows of a user that the step should have deleted. */
async function leftOf(
  app: App,
  preset: Preset,
  step: { readonly delete: string; readonly where: Readonly<Record<string, unknown>> },
  { id, email, username }: User,
): Promise<number> {
  const where = Object.entries(step.where).map(([column, value]) => {
    const filled = String(value)
      .replace('{id}', id)
      .replace('{email}', email)
      .replace('{username}', username ?? '');
    return [column, typeof value === 'string' ? filled : value] as const;
  });
  const table = exampleTable(preset, step.delete);
  const row = await app
    .db(table)
    .where(Object.fromEntries(where) as never)
    .count({ n: '*' })
    .first();
  return Number(row?.['n']);
}
