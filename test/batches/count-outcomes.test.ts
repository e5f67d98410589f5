import { expect, it } from 'vitest';
import { countBatch, groupOutcomes, type Outcome } from '../../src/batches/count-outcomes.ts';
import { countRows } from '../../src/batches/count-rows.ts';
import { readTimeline, readUnchanged } from '../../src/batches/report-figures.ts';
import type { Db } from '../../src/db/connect.ts';
import { migrateUp } from '../../src/db/migrate.ts';
import { eachDatabase } from '../helpers/databases.ts';
import { migrateOutcomes } from './outcome-migration.ts';

const NOW = 1_800_000_000_000;
const SINCE = NOW - 86_400_000;
const LATER = NOW / 1000 + 3600;
const OUTCOMES = ['changed', 'open', 'waiting', 'expired', 'revoked', 'failed', 'skipped'] as const;
const scope = { batchId: 'own', now: NOW };

interface Token {
  readonly state: 'live' | 'used' | 'revoked';
  readonly exp: number;
  readonly settledAt: number | null;
}
const TOKENS: readonly (Token | null)[] = [
  null,
  { state: 'live', exp: LATER, settledAt: null },
  { state: 'live', exp: NOW / 1000, settledAt: null },
  { state: 'used', exp: LATER, settledAt: SINCE },
  { state: 'revoked', exp: LATER, settledAt: SINCE },
];
const STATES = ['queued', 'claimed', 'sent', 'failed', 'bounced', 'unknown', 'skipped'] as const;

interface Mail {
  readonly state: (typeof STATES)[number];
  readonly token: Token | null;
  readonly isLocked: boolean;
}
interface Person {
  readonly own: Mail;
  readonly reminder: Mail | undefined;
  /** of a link of another mail, used before or since the batch was planned */
  readonly usedAt: number | undefined;
}

/** Whatever can become of a person: every mail, with reminders and every use of another link. */
const people: readonly Person[] = (() => {
  const mails = STATES.flatMap((state) => TOKENS.map((token) => ({ state, token })));
  const owns = mails.flatMap((mail) => [false, true].map((isLocked) => ({ ...mail, isLocked })));
  const reminders = [
    undefined,
    ...TOKENS.map((token) => ({ state: 'sent', token, isLocked: false }) as const),
    ...STATES.map((state) => ({ state, token: null, isLocked: false })),
  ];
  const uses = [undefined, SINCE - 1, SINCE];
  return owns.flatMap((own) =>
    reminders.flatMap((reminder) => uses.map((usedAt) => ({ own, reminder, usedAt }))),
  );
})();

/** From each person to the rows, in words of their own. */
function outcomeOf({ own, reminder, usedAt }: Person, hasReminders: boolean): Outcome {
  const isAlone = own.state === 'skipped';
  const mails = [
    own,
    ...(hasReminders && reminder && !isAlone && reminder.state !== 'skipped' ? [reminder] : []),
  ];
  const everyToken = [own.token, reminder?.token ?? null];
  const hasUsed = everyToken.some((token) => token?.state === 'used') || (usedAt ?? 0) >= SINCE;
  if (hasUsed && (!isAlone || own.isLocked)) return 'changed';
  if (isAlone) return 'skipped';
  const each = mails.map(({ state, token }): Outcome => {
    if (state === 'queued' || state === 'claimed') return 'waiting';
    if (state === 'failed' || state === 'bounced' || token === null) return 'failed';
    if (token.state === 'revoked') return 'revoked';
    if (token.exp <= NOW / 1000) return 'expired';
    return state === 'unknown' ? 'failed' : 'open';
  });
  return OUTCOMES.find((outcome) => each.includes(outcome)) ?? 'open';
}

async function fill(db: Db): Promise<void> {
  await migrateUp(db);
  const actor = { actor_kind: 'cli', actor_name: 'me' };
  const outbox: object[] = [];
  const tokens: object[] = [];
  const addToken = (key: string, user: string, { state, exp, settledAt }: Token) =>
    tokens.push({
      ...{ jti: key, request_id: key, user_id: user, kid: 'k', iat: 0, exp, fp: '', state },
      settled_at: settledAt,
    });
  const addMail = (batch: string, user: string, { state, token, isLocked }: Mail) => {
    const key = `${batch}${user}`;
    outbox.push({
      ...{ request_id: key, batch_id: batch, kind: 'reset', user_id: user, state, position: 0, due_at: 0 },
      ...{ ...actor, expires_in_s: 60, created_at: SINCE, domain: state },
      locked_at: isLocked ? SINCE : null,
    });
    if (token) addToken(key, user, token);
  };
  for (const [index, { own, reminder, usedAt }] of people.entries()) {
    addMail('own', String(index), own);
    if (reminder) addMail('again', String(index), reminder);
    if (usedAt !== undefined)
      addToken(`other${index}`, String(index), { state: 'used', exp: LATER, settledAt: usedAt });
  }
  // a line of a file that names nobody
  addMail('own', '', { state: 'skipped', token: null, isLocked: false });
  await db.transaction(async (trx) => {
    await trx.batchInsert('reset_outbox', outbox, 500);
    await trx.batchInsert('reset_tokens', tokens, 500);
    const facts = {
      digest: 'd',
      state: 'done',
      selection: 'all',
      ...actor,
      expires_in_s: 60,
      created_at: SINCE,
    };
    await trx('reset_batches').insert([
      { id: 'own', ...facts, parent_id: null, reminder: null },
      { id: 'again', ...facts, parent_id: 'own', reminder: 1 },
    ]);
  });
  await migrateOutcomes(db);
}

const tally = (outcomes: readonly Outcome[]): Record<Outcome, number> => {
  const counts = { changed: 0, open: 0, expired: 0, revoked: 0, failed: 0, waiting: 0, skipped: 0 };
  for (const outcome of outcomes) counts[outcome] += 1;
  return counts;
};

eachDatabase('the outcome for the people of a batch', (open) => {
  it('is counted as each person would count it, with reminders and without, also in a ledger of an older release', async () => {
    const { db } = await open();
    await fill(db);
    for (const reminderIds of [[], ['again']]) {
      const family = { ...scope, reminderIds };
      const outcomes = people.map((person) => outcomeOf(person, reminderIds.length > 0));
      const { counts, outcomes: counted } = await countBatch(db, family);
      expect(counted).toEqual(tally([...outcomes, 'skipped']));
      expect(counts).toEqual(await countRows(db, 'own', NOW));

      const groups = new Map(
        (await groupOutcomes(db, family, 'domain')).map((each) => [each.name, each.outcomes]),
      );
      for (const state of STATES) {
        const of = outcomes.filter((_, index) => people[index]?.own.state === state);
        expect(groups.get(state)).toEqual(tally(state === 'skipped' ? [...of, 'skipped'] : of));
      }
      const slots = await readTimeline(db, family, 60_000);
      const changed = slots.reduce((sum, slot) => sum + slot.changed, 0);
      expect(changed).toBe(tally(outcomes).changed);
      const left = outcomes.filter(
        (outcome, index) =>
          outcome !== 'changed' && (outcome !== 'skipped' || people[index]?.own.isLocked === true),
      );
      expect((await readUnchanged(db, family, 0)).total).toBe(left.length);
    }
  });
});
