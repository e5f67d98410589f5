import { expect } from 'vitest';
import type { App } from '../../../src/app.ts';
import { issueLink } from '../../../src/flows/links/issue-link.ts';
import { planBatch } from '../../../src/flows/batch/plan-batch.ts';
import { beginBatch } from '../../../src/flows/batch/start-batch.ts';
import { identifyFormat } from '../../../src/passwords/find-format.ts';
import type { User } from '../../../src/types.ts';
import { findUser } from '../../../src/users/reading/find-user.ts';
import type { Preset } from '../../../src/users/preset/preset.ts';
import { applyToken } from '../../helpers/apply-token.ts';
import { everybody } from '../../helpers/batch-request.ts';
import type { TestDatabase } from '../../helpers/databases.ts';
import { exampleTable } from '../../helpers/example-tables.ts';
import { neighbourEmail } from '../../helpers/neighbour.ts';
import { oldPassword, readyPassword } from '../../helpers/old-hash.ts';
import { openPresetSite } from '../../helpers/preset-site.ts';

/** What the application's own login does with the old password. */
function tryOldPassword(preset: Preset, { encoded }: User): Promise<boolean> {
  const format = identifyFormat(encoded ?? '');
  return format!.verify(readyPassword(preset, oldPassword), encoded ?? '');
}

async function lockEverybody(app: App): Promise<void> {
  const { batch } = await planBatch(app, everybody(app, { isLocking: true, isMailed: false }), true);
  await beginBatch(app, batch, { signal: new AbortController().signal, onLocked: () => undefined });
}

/** One of each kind of table and of steps; the fast tier locks no more, because hashes are slow by design. */
const FEW = ['better-auth', 'default', 'django', 'redmine'];

export const isOneOfFew = ({ name }: Preset): boolean => FEW.includes(name);

/** Breach mode: wrong password and no error, no sessions, and a link helps. */
export async function expectLockedOut(database: TestDatabase, preset: Preset): Promise<void> {
  const site = await openPresetSite(database, preset);
  try {
    const { app } = site;
    const mapping = await app.mapping();
    const find = async (email: string) => (await findUser(app.usersDb, mapping, { email }))!;
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
}

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
    .usersDb(table)
    .where(Object.fromEntries(where) as never)
    .count({ n: '*' })
    .first();
  return Number(row?.['n']);
}
