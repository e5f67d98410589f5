import { afterEach, describe, expect, it } from 'vitest';
import { showAccess } from '../../../src/flows/access/show-access.ts';
import { survivingOfBatch } from '../../../src/flows/access/surviving.ts';
import type { BatchRequest } from '../../../src/flows/batch/batch-request.ts';
import { reportBatch } from '../../../src/flows/batch/manage-batches.ts';
import { planBatch } from '../../../src/flows/batch/plan-batch.ts';
import { readUserStatus } from '../../../src/flows/history/read-status.ts';
import { LETS_IN } from '../../../src/users/store/access-kinds.ts';
import { openAccessSite } from '../../helpers/access-site.ts';
import { everybody } from '../../helpers/batch-request.ts';
import type { TestApp } from '../../helpers/create-test-app.ts';
import { eachDatabase } from '../../helpers/databases.ts';

const lets: readonly string[] = LETS_IN;

/** One of each shape: rows by id, of several kinds in one table, by look-ups, by user name, in the user's own row. */
const shapes = ['aspnet-identity', 'django', 'gitlab', 'mediawiki', 'redmine', 'spring-security'];

eachDatabase('what survives a reset', (open) => {
  let test: TestApp;
  afterEach(() => test.close());

  const plan = (more: Partial<BatchRequest> = {}) =>
    planBatch(test.app, everybody(test.app, { isMailed: false, isLocking: true, ...more }), true);
  const report = async (id: string) => {
    let text = '';
    for await (const piece of await reportBatch(test.app, id, { format: 'json' })) text += piece;
    return JSON.parse(text) as { id: string; survives: string | null }[];
  };

  it.each(shapes)('%s: the plan counts who has what access show calls surviving', async (name) => {
    test = await openAccessSite(await open(), name);
    const shown = await showAccess(test.app, { email: 'susan@example.com' });
    const expected = shown.access.filter(
      ({ kind, count, endsWithReset }) => count > 0 && !endsWithReset && lets.includes(kind),
    );
    expect(expected.length).toBeGreaterThan(0);
    const { batch } = await plan();
    const unlocked = { ...batch, ends: null };
    const found = await survivingOfBatch(test.app, unlocked);
    const names = (each: readonly { kind: string; name: string | null }[]) =>
      each.map(({ kind, name: own }) => `${kind} ${own ?? ''}`).sort();
    expect(names(found)).toEqual(names(expected));
    expect(found.every(({ people }) => people === 1)).toBe(true);

    const status = await readUserStatus(test.app, { email: 'susan@example.com' });
    expect(names(status.survives)).toEqual(names(expected));
    const rows = await report(batch.id);
    const hers = rows.find(({ id }) => id === shown.userId)?.survives?.split(',');
    expect(hers?.sort()).toEqual([...new Set(expected.map(({ kind }) => kind))].sort());
    expect(rows.filter(({ survives }) => survives !== null)).toHaveLength(1);
  });

  describe('in a batch', () => {
    it('leaves out what its lock ends, and people whom it is not about', async () => {
      test = await openAccessSite(await open(), 'redmine');
      const kinds = async (batch: Parameters<typeof survivingOfBatch>[1]) =>
        (await survivingOfBatch(test.app, batch)).map(({ kind }) => kind);
      expect(await kinds((await plan()).batch)).toEqual(['totp', 'recovery-codes']);
      expect(await kinds((await plan({ ends: ['totp'] })).batch)).toEqual(['recovery-codes']);
      const except = [{ column: 'login', value: 'susan' }];
      expect(await kinds((await plan({ except })).batch)).toEqual([]);
      const mailed = await plan({ isLocking: false, isMailed: true });
      expect(await kinds(mailed.batch)).toContain('api-token');
    });
  });
});
