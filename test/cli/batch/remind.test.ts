import { simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import { makeScene, type Scene } from '../../helpers/batch-scene.ts';
import { addressOf } from '../../helpers/batch-site.ts';

const HOUR = 3_600_000;
const LEFT = ['1', '2', '3'];

/** Six people and a batch to five of them, four days old; the fifth's address bounces, the fourth is inactive by now. */
async function makeOldBatch(): Promise<Scene & { id: string }> {
  const scene = await makeScene(
    6,
    { onRcpt: (address) => (address === addressOf(5) ? '550 5.1.1 no such user' : undefined) },
    { users: { active: { is_active: true } } },
  );
  const { site, db, write } = scene;
  await db.schema.alterTable('users', (table) => void table.boolean('is_active').defaultTo(true));
  const reason = await write('why.txt', 'We found a leak.');
  const args = ['send', '--all', '--except', 'username=user6', '--reason-file', reason, '--yes', '--json'];
  const id = String((await site.run(args)).rows().at(-1)?.['batch']);
  await db('users').where({ id: 4 }).update({ is_active: false });
  await age(scene);
  return { ...scene, id };
}

/** Everything that was sent was sent four days earlier. */
async function age({ db }: Scene): Promise<void> {
  await db('reset_outbox').decrement('settled_at', 96 * HOUR);
}

describe('reset batch remind', () => {
  it('shows the plan and a sample first, and expects a number', async () => {
    const { site, sink, id, db } = await makeOldBatch();
    const before = sink.mails.length;
    const dry = await site.run(['batch', 'remind', id, '--dry-run', '--json']);
    const [summary] = dry.rows().slice(-1);
    expect(summary).toMatchObject({
      total: 5,
      planned: 3,
      reasons: { user_inactive: 1, not_delivered: 1 },
      samples: [{ subject: expect.stringMatching(/^Reminder: /) as string }, {}, {}],
    });
    const words = (await site.run(['batch', 'remind', id, '--dry-run'])).stdout;
    expect(words).toContain('5 people chosen: 3 get a mail; 2 are skipped.');
    expect(words).toContain('skipped 1: not_delivered: the last mail was not delivered');
    expect(words).toContain('We found a leak.');
    const asked = await site.run(['batch', 'remind', id]);
    expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining('--yes')]);
    const wrong = await site.run(['batch', 'remind', id, '--yes', '--expect', '5', '--json']);
    expect([wrong.code, wrong.error().details['count']]).toEqual([2, 3]);
    expect(sink.mails).toHaveLength(before);
    expect(await db('reset_batches')).toHaveLength(1);
  });

  it('is a batch of its own, which its parent counts and lists', async () => {
    const scene = await makeOldBatch();
    const { site, sink, id, db, write } = scene;
    const reason = await write('again.txt', 'It is urgent by now.');
    const before = sink.mails.length;
    const first = await site.run([
      'batch',
      'remind',
      id,
      '--reason-file',
      reason,
      '--yes',
      '--expect',
      '3',
      '--json',
    ]);
    expect([first.code, first.rows().at(-1)]).toMatchObject([0, { total: 5, sent: 3, skipped: 2 }]);
    const mails = sink.mails.slice(before);
    expect(mails.map(({ to }) => to).sort()).toEqual(LEFT.map((user) => addressOf(Number(user))));
    const { text } = await simpleParser(mails[0]?.raw ?? '');
    expect(text?.replace(/\s+/g, ' ')).toContain('you haven’t chosen a new one yet');
    expect(text).toContain('It is urgent by now.');
    const reminder = String(first.rows().at(-1)?.['batch']);

    const [link] = /https:\S+reset_password\/\S+/.exec(text ?? '') ?? [];
    const input = 'seven green apples\n';
    expect((await site.run(['apply', link ?? '', '--password-stdin'], { input })).code).toBe(0);
    const [shown] = (await site.run(['batch', 'show', id, '--json'])).rows();
    expect(shown).toMatchObject({
      outcomes: { changed: 1, open: 3, failed: 1, skipped: 1 },
      reminders: [{ batch: reminder, reminder: 1, state: 'done', sent: 3 }],
    });
    expect((await site.run(['batch', 'show', id])).stdout).toMatch(
      /^ {2}reminder 1: [0-9a-f]{12} {2}done .* sent 3$/m,
    );
    const list = await site.run(['batch', 'list']);
    expect(list.stdout).toMatch(new RegExp(`^${reminder} .* reminder 1 of ${id}$`, 'm'));
    const [own] = (await site.run(['batch', 'show', reminder, '--json'])).rows();
    expect(own).toMatchObject({ parent: id, reminder: 1, outcomes: { changed: 1, open: 2, skipped: 2 } });

    const again = await site.run(['batch', 'remind', id, '--yes']);
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('Nobody is due for a reminder')]);
    await age(scene);
    const last = await site.run(['batch', 'remind', id, '--yes', '--json']);
    expect([last.code, last.rows().at(-1)]).toMatchObject([0, { sent: 2, skipped: 3 }]);
    expect((await simpleParser(sink.mails.at(-1)?.raw ?? '')).subject).toMatch(/^Last reminder: /);
    expect(await db('reset_batches').whereNotNull('parent_id')).toHaveLength(2);
    await age(scene);
    const over = await site.run(['batch', 'remind', id, '--yes', '--json']);
    expect(over.rows().at(-1)).toMatchObject({ batch: null, sent: 0, reasons: { reminded: 2, changed: 1 } });
  });

  it('continues an unfinished one with the numbers that it was started with', async () => {
    const { site, id, write } = await makeOldBatch();
    const first = await site.run(['batch', 'remind', id, '--canary', '1', '--yes', '--json']);
    const reminder = String(first.rows().at(-1)?.['batch']);
    const reason = await write('again.txt', 'Another text.');
    const rest = await site.run(['batch', 'remind', id, '--reason-file', reason, '--yes']);
    expect([rest.code, rest.stdout]).toEqual([0, expect.stringContaining(`batch ${reminder}: sent 3`)]);
    expect(rest.stderr).toContain(`This is the unfinished batch ${reminder} (paused): 1 sent, 2 to go`);
    expect(rest.stderr).toContain(`batch cancel ${reminder}`);
    expect(rest.stderr).toContain('the paragraph that it was started with');
  });

  it('refuses what cannot be reminded of', async () => {
    const { site, id } = await makeOldBatch();
    const test = await site.run(['send', addressOf(1), '--redirect-to', 'me@example.com', '--yes', '--json']);
    const redirected = String(test.rows().at(-1)?.['batch']);
    const refusals = [
      [['nonsense'], /no batch "nonsense"/],
      [[redirected], /went to me@example\.com/],
      [[id, '--after', 'soon'], /--after takes a time/],
      [[id, '--max', '0'], /--max takes a whole number/],
    ] as const;
    for (const [args, words] of refusals) {
      const ran = await site.run(['batch', 'remind', ...args]);
      expect([ran.code, ran.stderr]).toEqual([2, expect.stringMatching(words)]);
    }
  });
});
