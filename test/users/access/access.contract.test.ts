import { describe, expect, it } from 'vitest';
import { dialectOf, type Db } from '../../../src/db/connect.ts';
import { inTransaction } from '../../../src/db/transaction.ts';
import { formats } from '../../../src/passwords/formats/index.ts';
import type { HashFormat } from '../../../src/passwords/hash-format.ts';
import type { User } from '../../../src/types.ts';
import { checkAccess, type CheckedAccess } from '../../../src/users/access/check-access.ts';
import { countAccess } from '../../../src/users/access/count-access.ts';
import { countHolders, isHeld } from '../../../src/users/access/count-holders.ts';
import { findHolders } from '../../../src/users/access/find-holders.ts';
import { ACCESS_KINDS, LETS_IN } from '../../../src/users/store/access-kinds.ts';
import { namesUser } from '../../../src/users/columns/step.ts';
import { checkMapping, resolveMapping, type UsersMapping } from '../../../src/users/mapping/index.ts';
import type { Preset } from '../../../src/users/preset/preset.ts';
import { presets } from '../../../src/users/presets/index.ts';
import { findUser } from '../../../src/users/reading/find-user.ts';
import { runForMany } from '../../../src/users/writing/end-many.ts';
import { runOnReset } from '../../../src/users/writing/on-reset.ts';
import { runStep } from '../../../src/users/writing/run-step.ts';
import { addAccessRows, readAccessFixture, withAccess } from '../../helpers/access-fixture.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { createExample, presetFor } from '../../helpers/example-tables.ts';

const all = (presets as readonly Preset[]).filter(({ access = [] }) => access.length > 0);
const now = Date.UTC(2026, 10, 22, 12, 0, 0);

describe('what lets a person in, in every preset', () => {
  it.each(all)('$name: names known kinds, and rows of the user', ({ access = [] }) => {
    for (const entry of access) {
      expect(ACCESS_KINDS).toContain(entry.kind);
      expect([entry.kind, entry.table === undefined || namesUser(entry.where)]).toEqual([entry.kind, true]);
      expect([entry.kind, entry.table !== undefined || entry.when !== undefined]).toEqual([entry.kind, true]);
      expect([entry.kind, entry.table !== undefined || entry.end !== undefined]).toEqual([entry.kind, true]);
    }
  });

  it.each(all)('R94: $name: no second factor ends with a reset', ({ access = [] }) => {
    const ending = access.filter(({ reset }) => reset !== undefined).map(({ kind }) => kind);
    for (const kind of ['totp', 'sms', 'recovery-codes', 'passkey']) expect(ending).not.toContain(kind);
  });

  it('at least twenty presets know second factors or tokens', () => {
    const factors = /totp|sms|passkey|api-token|oauth-grant/;
    expect(
      all.filter(({ access = [] }) => access.some(({ kind }) => factors.test(kind))).length,
    ).toBeGreaterThan(20);
  });
});

/** Its end writes something new that looks like the old: a stamp that every user has. */
const isStamp = ({ table, end }: CheckedAccess): boolean =>
  table === undefined && JSON.stringify(end).includes('"random"');

eachDatabase('what lets a person in, in the example tables', (open) => {
  const count = async (db: Db, mapping: UsersMapping, entries: readonly CheckedAccess[], user: User) => {
    const counts = new Map<string, number>();
    for (const [index, entry] of entries.entries())
      counts.set(
        `${index} ${entry.kind} ${entry.name ?? ''}`,
        (await countAccess(db, mapping, entry, user)).count,
      );
    return counts;
  };

  async function scene(original: Preset) {
    const { db } = await open();
    const fixture = readAccessFixture(original.name);
    const preset = withAccess(presetFor(db, original), fixture);
    const format = (formats as readonly HashFormat[]).find(({ name }) => name === preset.hashFormat)!;
    const { encoded } = format.examples[0]!;
    await createExample(db, preset, format.columns?.split(encoded) ?? { hash: encoded });
    const codecOf = (name: string) =>
      (formats as readonly HashFormat[]).find((each) => each.name === name)?.columns;
    const mapping = await checkMapping(db, resolveMapping(preset, {}, { codecOf }));
    const user = (await findUser(db, mapping, { email: 'susan@example.com' }))!;
    const kept = await addAccessRows(db, preset, user, fixture);
    return { db, mapping, user, kept, fixture, entries: await checkAccess(db, mapping) };
  }

  it.each(all)('$name: counts each, ends each alone, and leaves the rest and others', async (original) => {
    const { db, mapping, user, kept, fixture, entries } = await scene(original);
    const there = new Set(entries.map(({ kind, name }) => `${kind} ${name ?? ''}`));
    for (const { kind, name } of original.access ?? []) expect(there).toContain(`${kind} ${name ?? ''}`);

    const before = await count(db, mapping, entries, user);
    for (const [entry, found] of before) expect([entry, found > 0]).toEqual([entry, true]);
    for (const [kind, wanted] of Object.entries(fixture.counts ?? {})) {
      const sum = [...before]
        .filter(([key]) => key.split(' ')[1] === kind)
        .reduce((all, [, n]) => all + n, 0);
      expect([kind, sum]).toEqual([kind, wanted]);
    }
    await expectHeldBy(db, mapping, entries, user);
    await inTransaction(db, (trx) => runOnReset(trx, mapping, user, now));
    const after = await count(db, mapping, entries, user);
    for (const [index, entry] of entries.entries()) {
      const [key, found] = [...before][index]!;
      const left = entry.reset === 'steps' && !isStamp(entry) ? 0 : found;
      expect([key, after.get(key)]).toEqual([key, left]);
    }

    for (const entry of entries) {
      await inTransaction(db, async (trx) => {
        for (const step of entry.end) await runStep(trx, mapping, step, user, now);
      });
      const { count: left } = await countAccess(db, mapping, entry, user);
      expect([entry.kind, entry.name, left]).toEqual([entry.kind, entry.name, isStamp(entry) ? 1 : 0]);
    }
    for (const { table, row } of kept) await expectThere(db, table, row);
  });

  it.each(all)('$name: ends the same for many at once', async (original) => {
    const { db, mapping, user, kept, entries } = await scene(original);
    await inTransaction(db, (trx) =>
      runForMany(
        trx,
        mapping,
        entries.flatMap(({ end }) => end),
        [user],
        now,
      ),
    );
    for (const entry of entries) {
      const { count: left } = await countAccess(db, mapping, entry, user);
      expect([entry.kind, entry.name, left]).toEqual([entry.kind, entry.name, isStamp(entry) ? 1 : 0]);
    }
    for (const { table, row } of kept) await expectThere(db, table, row);
  });
});

/** Asked about many, as a batch does, they are hers and not a neighbour's. */
async function expectHeldBy(
  db: Db,
  mapping: UsersMapping,
  entries: readonly CheckedAccess[],
  user: User,
): Promise<void> {
  const asked = (id: string) => db.select(db.raw(`${textIn(db)} as id`, [id]));
  for (const entry of entries) {
    const what = `${entry.kind} ${entry.name ?? ''}`;
    expect([what, await isHeld(db, mapping, entry)]).toEqual([what, true]);
    expect([what, [...(await findHolders(db, mapping, entry, [user]))]]).toEqual([what, [user.id]]);
    if (entry.reset !== undefined || !LETS_IN.some((kind) => kind === entry.kind)) continue;
    const isByName = JSON.stringify(entry.where ?? {}).includes('{username}');
    const counted = await countHolders(db, mapping, entry, asked(user.id));
    expect([what, counted]).toEqual([what, isByName ? undefined : 1]);
    if (!isByName) expect([what, await countHolders(db, mapping, entry, asked('no-one'))]).toEqual([what, 0]);
  }
}

/** A value whose type the database can't know by itself. */
const textIn = (db: Db): string => (dialectOf(db) === 'mysql' ? 'cast(? as char)' : 'cast(? as text)');

async function expectThere(db: Db, table: string, row: Record<string, unknown>): Promise<void> {
  const plain = Object.entries(row).filter(
    ([column, value]) => typeof value !== 'boolean' && !/At$|_at$|_on$|created|date|time/.test(column),
  );
  const found = await db(table).where(Object.fromEntries(plain));
  expect([table, row, found.length > 0]).toEqual([table, row, true]);
}
