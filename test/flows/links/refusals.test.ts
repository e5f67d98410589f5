import { expect, it } from 'vitest';
import type { Db } from '../../../src/db/connect.ts';
import { isResetError } from '../../../src/errors.ts';
import { issueLink } from '../../../src/flows/links/issue-link.ts';
import { planBatch } from '../../../src/flows/batch/plan-batch.ts';
import { sendReset } from '../../../src/flows/links/send-reset.ts';
import { findFormat } from '../../../src/passwords/find-format.ts';
import type { Scalar } from '../../../src/types.ts';
import type { Condition, PasswordJoin, Preset, Refusal } from '../../../src/users/preset/preset.ts';
import { presets } from '../../../src/users/presets/index.ts';
import { eachDatabase, type TestDatabase } from '../../helpers/databases.ts';
import { createExample, exampleTable } from '../../helpers/example-tables.ts';
import { createTestServer, visible, type TestServer } from '../../helpers/http-server.ts';
import { neighbourEmail, withNeighbour } from '../../helpers/neighbour.ts';
import { everybody } from '../../helpers/batch-request.ts';
import { exampleOf, type ExampleColumn } from '../../helpers/examples.ts';

const email = 'susan@example.com';

/** One way in which an application says that a user may not sign in, or has no password of its own. */
interface Case {
  readonly name: string;
  readonly preset: Preset;
  readonly because: string;
  readonly reason: 'inactive' | 'refused';
  /** gives how many rows it changed */
  readonly make: (db: Db) => PromiseLike<number>;
}

const casesOf = (preset: Preset): Case[] => [
  ...Object.entries(preset.activeWhen ?? {}).map((condition) => inactiveRow(preset, condition)),
  ...(preset.refuseWhen ?? []).flatMap((refusal) => refusedRows(preset, refusal)),
  ...(preset.passwordIn && !preset.passwordIn.create ? [withoutRow(preset, preset.passwordIn)] : []),
];

function refusedRows(preset: Preset, { because, when = {}, encoded }: Refusal): Case[] {
  const { password } = preset.columns;
  const hash = typeof password === 'string' ? password : (password['hash'] ?? '');
  const conditions = Object.entries(when).map(([column, each]) => [column, examples(each)[0]]);
  const rows = encoded === undefined ? [{}] : examples(encoded).map((value) => ({ [hash]: value }));
  return rows.map((row) => {
    const changed = { ...Object.fromEntries(conditions), ...row };
    return changedRow(preset, changed, { because, reason: 'refused' });
  });
}

function inactiveRow(preset: Preset, [column, condition]: [string, Condition]): Case {
  const columns = exampleOf(preset).tables[written(exampleOf(preset).tables, preset.table)] ?? {};
  const type = columns[written(columns, column)] ?? 'integer';
  const change = { [column]: counterExample(condition, type) };
  return changedRow(preset, change, { because: 'not active', reason: 'inactive' });
}

const changedRow = (
  preset: Preset,
  changed: Readonly<Record<string, Scalar | undefined>>,
  expected: Pick<Case, 'because' | 'reason'>,
): Case => ({
  name: `${preset.name} where ${JSON.stringify(changed)}`,
  preset,
  ...expected,
  make: async (db) => {
    const table = written(exampleOf(preset).tables, preset.table);
    const columns = exampleOf(preset).tables[table] ?? {};
    // Only some versions have them: WordPress with several sites, say.
    const missing = Object.keys(changed).filter((column) => !(written(columns, column) in columns));
    if (missing.length > 0) {
      await db.schema.alterTable(exampleTable(preset, table), (altered) => {
        for (const column of missing) {
          if (typeof changed[column] === 'boolean') altered.boolean(column).defaultTo(false);
          else altered.integer(column).defaultTo(0);
        }
      });
    }
    const row = Object.entries(changed).map(([column, value]) => [written(columns, column), value]);
    return db(exampleTable(preset, table))
      .where(written(columns, preset.columns.id), susanOf(preset))
      .update(Object.fromEntries(row));
  },
});

const withoutRow = (preset: Preset, { table, foreign, absent }: PasswordJoin): Case => ({
  name: `${preset.name} without a row in ${table}`,
  preset,
  because: absent,
  reason: 'refused',
  make: (db) => db(exampleTable(preset, table)).where(foreign, susanOf(preset)).delete(),
});

/** A name as the example writes it: PostgreSQL folds Mattermost's to lower case. */
const written = (known: Readonly<Record<string, unknown>>, name: string): string =>
  Object.keys(known).find((each) => each.toLowerCase() === name.toLowerCase()) ?? name;

/** Her id in the example, which says it where the database would count it otherwise. */
function susanOf(preset: Preset): Scalar {
  const { rows } = exampleOf(preset);
  const [row] = rows[written(rows, preset.table)] ?? [];
  return row?.[written(row, preset.columns.id)] ?? 1;
}

/** Values that satisfy the condition. */
function examples(condition: Condition): Scalar[] {
  if (typeof condition !== 'object' || condition === null) return [condition];
  if ('startsWith' in condition) return [`${condition.startsWith}k8sFd0qk2`, condition.startsWith];
  if ('empty' in condition) return condition.empty ? ['', null] : ['ldap'];
  // A value of the same kind as those that are allowed, so that every database takes it.
  if ('noneOf' in condition)
    return condition.noneOf.some((each) => typeof each === 'number') ? [6] : ['ldap'];
  return 'not' in condition ? [7] : [];
}

/** A value of this type that does not satisfy the condition. */
function counterExample(condition: Condition, type: ExampleColumn): Scalar {
  if (typeof condition === 'boolean') return !condition;
  if (condition === null || (typeof condition === 'object' && 'past' in condition))
    return '2037-01-01 00:00:00';
  if (typeof condition === 'object' && 'not' in condition) return condition.not;
  if (typeof condition === 'object' && 'noneOf' in condition) return condition.noneOf[0] ?? null;
  return type === 'integer' || type === 'bigint' ? 7 : 'blocked';
}

const cases = (presets as readonly Preset[]).flatMap(casesOf);

async function openSite({ db, url }: TestDatabase, { preset: original, make }: Case): Promise<TestServer> {
  const preset = withNeighbour(original);
  const format = findFormat(preset.hashFormat ?? 'bcrypt');
  const { encoded } = format.examples[0]!;
  await createExample(db, preset, format.columns?.split(encoded) ?? { hash: encoded });
  expect(await make(db)).toBeGreaterThan(0);
  return createTestServer({ database: url, config: { 'users.preset': preset.name } });
}

async function refusalOf(work: Promise<unknown>): Promise<unknown> {
  const error: unknown = await work.catch((thrown: unknown) => thrown);
  return isResetError(error) ? [error.code, error.message, error.details['reason']] : error;
}

eachDatabase('a user who must get no link', (open, dialect) => {
  const possible = cases.filter(({ preset: { schema } }) => schema === undefined || dialect === 'postgres');
  it.each(possible)('is shown to the operator and to nobody else: $name', async (each) => {
    const site = await openSite(await open(), each);
    try {
      const { app } = site;
      const refusal = ['user_inactive', expect.stringContaining(each.because), each.reason];
      const actor = app.operator;
      const identifier = { email: email.toUpperCase() };
      expect(await refusalOf(sendReset(app, { identifier, actor, bucket: 'operator' }))).toEqual(refusal);
      expect(await refusalOf(issueLink(app, { identifier, actor }))).toEqual(refusal);

      const { counts } = await planBatch(app, everybody(app, { isLocking: true }), true);
      expect(counts).toMatchObject({
        total: 2,
        queued: 1,
        skipped: 1,
        reasons: { [`user_${each.reason}`]: 1 },
      });
      await app.ledger('reset_outbox').delete();

      const answers = [];
      for (const typed of [email, 'nobody@example.com', neighbourEmail]) {
        answers.push(visible(await site.post('/reset_password_request', { email: typed })));
        await site.queue.drain();
      }
      expect(answers[0]).toEqual(answers[1]);
      expect(answers[2]).toEqual(answers[1]);
      const queued = (await app.ledger('reset_outbox')) as { user_id: string }[];
      expect(queued).toHaveLength(1); // the neighbour's
      expect(
        site.logs.filter(({ event }) => event === 'request_refused').map(({ reason }) => reason),
      ).toEqual(['user_inactive', 'user_not_found']);
      expect(await app.ledger('reset_tokens')).toEqual([]);
    } finally {
      await site.close();
    }
  });
});
