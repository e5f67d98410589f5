import { describe, expect, it } from 'vitest';
import type { Db } from '../../../src/db/connect.ts';
import { inTransaction } from '../../../src/db/transaction.ts';
import type { HashFormat } from '../../../src/passwords/hash-format.ts';
import { formats } from '../../../src/passwords/formats/index.ts';
import { PASSWORD_TRANSFORMS } from '../../../src/passwords/transform.ts';
import { findUser } from '../../../src/users/reading/find-user.ts';
import { checkMapping, resolveMapping, type UsersMapping } from '../../../src/users/mapping/index.ts';
import { explainOnReset, runOnReset } from '../../../src/users/writing/on-reset.ts';
import type { OnResetStep, Preset } from '../../../src/users/preset/preset.ts';
import { presets } from '../../../src/users/presets/index.ts';
import { toScalar } from '../../../src/users/mapping/users-mapping.ts';
import { writePassword } from '../../../src/users/writing/write-password.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { createExample, presetFor } from '../../helpers/example-tables.ts';
import { cheapHash } from '../../helpers/old-hash.ts';

const all = presets as readonly Preset[];
const now = Date.UTC(2026, 10, 22, 12, 0, 0);
const password = 'another correct horse';

const formatOf = (preset: Preset) =>
  (formats as readonly HashFormat[]).find(({ name }) => name === preset.hashFormat);
const codecOf = (name: string) =>
  (formats as readonly HashFormat[]).find((format) => format.name === name)?.columns;

describe('every preset', () => {
  it.each(all)('$name names a hash format and a password transform that exist', (preset) => {
    expect(formats.map(({ name }) => name)).toContain(preset.hashFormat);
    expect(PASSWORD_TRANSFORMS).toContain(preset.passwordTransform ?? 'raw');
  });

  it.each(all)('$name says what stands behind it', (preset) => {
    expect(preset.evidence).toMatch(/^(ours|real login|real hasher|vectors|source)/);
  });

  it.each(all)('R94: $name leaves second factors alone', (preset) => {
    const touched = JSON.stringify(preset.onReset ?? []);
    expect(touched).not.toMatch(/otp|mfa|two_factor|2fa|webauthn|backup_code|TwoFactor/i);
  });
});

eachDatabase('a reset in the example tables', (open) => {
  it.each(all)('R93: $name: the password is new, the sessions are gone, others stay', async (original) => {
    const { db } = await open();
    const preset = presetFor(db, original);
    const format = formatOf(preset)!;
    const before = format.examples[0]!.encoded;
    await createExample(db, preset, format.columns?.split(before) ?? { hash: before });
    const mapping = await checkMapping(db, resolveMapping(preset, {}, { codecOf }));
    const user = (await findUser(db, mapping, { email: 'SUSAN@example.com' }))!;
    expect(user).toMatchObject({
      email: 'susan@example.com',
      isActive: true,
      refusal: null,
      encoded: before,
    });

    const expected = await expectRemaining(db, mapping, user);
    const encoded = await cheapHash(preset, password);
    const statements: string[] = [];
    db.on('query', ({ sql }: { sql: string }) => statements.push(sql));
    const { sessionsEnded } = await inTransaction(db, async (trx) => {
      expect(await writePassword(trx, mapping, user, encoded, now)).toBe(true);
      return runOnReset(trx, mapping, user, now);
    });

    const written = statements.filter((sql) => /^(?:update|delete|insert)/i.test(sql));
    expect(explainOnReset(mapping).filter(isPlain).map(gist)).toEqual(written.map(gist));
    const after = (await findUser(db, mapping, { id: user.id }))!;
    expect(after.encoded).toBe(encoded);
    expect(sessionsEnded).toBe(expected.sessions);
    for (const [table, rows] of expected.rows)
      expect([table, (await db(table)).length]).toEqual([table, rows]);
    for (const step of mapping.onReset) await expectSet(db, mapping, step, user.id);
  });
});

/** Not what is only run for a user without a row. */
const isPlain = (line: string): boolean => !line.startsWith('or, ');

/** Of a statement, as it is run or as it is explained: what it does, where, and which columns it writes. */
function gist(sql: string): string {
  const bare = sql.replace(/["`]/g, '');
  const [, what = '', set = ''] = /^(update \S+|delete from \S+)(?: set (.+?))? where /.exec(bare) ?? [
    sql,
    sql,
  ];
  return `${what} ${[...set.matchAll(/(\w+) = /g)].map(([, column]) => column).join(' ')}`;
}

type User = NonNullable<Awaited<ReturnType<typeof findUser>>>;

/** What must be left in each table that a step deletes from, counted without SQL. */
async function expectRemaining(db: Db, mapping: UsersMapping, user: User) {
  const rows = new Map<string, number>();
  const gone = new Map<string, Set<unknown>>();
  let sessions = 0;
  for (const step of mapping.onReset) {
    if (!('delete' in step)) continue;
    const table = mapping.schema === undefined ? step.delete : `${mapping.schema}.${step.delete}`;
    const content = (await db(table)) as Record<string, unknown>[];
    const taken = gone.get(table) ?? new Set();
    for (const [index, row] of content.entries()) {
      if (taken.has(index) || !isUsers(row, step, user)) continue;
      taken.add(index);
      if (step.sessions) sessions += 1;
    }
    gone.set(table, taken);
    rows.set(table, content.length - taken.size);
  }
  return { rows, sessions };
}

const isUsers = (row: Record<string, unknown>, step: OnResetStep, user: User): boolean =>
  Object.entries(step.where ?? {}).every(([column, value]) => {
    const wanted = String(value).replace('{id}', user.id).replace('{email}', user.email);
    return String(row[column]) === wanted.replace('{username}', user.username ?? '');
  });

async function expectSet(db: Db, mapping: UsersMapping, step: OnResetStep, id: string): Promise<void> {
  if (!('set' in step) || step.table !== undefined) return;
  const table = mapping.schema === undefined ? mapping.table : `${mapping.schema}.${mapping.table}`;
  const row = (await db(table).where(mapping.id, id).first()) as Record<string, unknown>;
  for (const [column, value] of Object.entries(step.set)) {
    const stored = toScalar(row[column]);
    const isMade = typeof value === 'object' && value !== null;
    expect([column, isMade ? stored !== 'before' : isStored(stored, value)]).toEqual([column, true]);
  }
}

/** A boolean comes back as 1 or 0 where there is no such type. */
const isStored = (stored: unknown, value: unknown): boolean =>
  typeof value === 'boolean' ? Number(stored) === Number(value) : String(stored) === String(value);
