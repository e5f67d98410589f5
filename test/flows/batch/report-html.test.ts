import { afterEach, expect, it } from 'vitest';
import { record } from '../../../src/audit/record.ts';
import { showBatch } from '../../../src/flows/batch/follow-batch.ts';
import { reportHtml } from '../../../src/flows/batch/report-html.ts';
import { attributeOf, descendantsOf, readHtml, textIn, visibleText } from '../../../src/values/html.ts';
import { eachDatabase, type TestDatabase } from '../../helpers/databases.ts';
import { DAY, insertLedger, LEDGER_ID, type LedgerPerson } from '../../helpers/ledger-batch.ts';
import { openFlowApp, operator, type FlowApp } from '../flow-app.ts';

const opened: FlowApp[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

async function openAt(database: TestDatabase): Promise<FlowApp & { readonly now: number }> {
  const flow = await openFlowApp(database);
  opened.push(flow);
  // Noon, so that a day more or less is a day of the calendar in every zone.
  flow.clock.advance(Math.floor(flow.clock.now() / DAY) * DAY + DAY / 2 - flow.clock.now());
  return { ...flow, now: flow.clock.now() };
}

const HOSTILE = '<script>alert(1)</script>';

/** Every outcome there is, with text in it that somebody else wrote. */
function everyOutcome(now: number): LedgerPerson[] {
  const [sentAt, later] = [now - 3 * DAY, now + DAY];
  const sent = { state: 'sent', settledAt: sentAt } as const;
  const live = { state: 'live', expiresAt: later } as const;
  const used = (usedAt: number) => ({ state: 'used', expiresAt: later, usedAt }) as const;
  const missing = (name: string, id: string) => ({
    email: `${name}@example.org`,
    state: 'failed' as const,
    reason: 'refused',
    reply: `550 5.1.1 <${name}@example.org>: ${HOSTILE} ${name.toUpperCase()} is gone ${id} - gsmtp`,
    settledAt: sentAt + DAY,
    token: live,
  });
  return [
    { ...sent, email: 'anna@example.com', token: used(now - 2 * DAY) },
    { ...sent, email: 'bert@example.com', token: used(now - 2 * DAY + 60_000) },
    { ...sent, email: 'carl@example.com', token: used(now - DAY) },
    { ...sent, email: 'dora@example.com', token: live },
    { ...sent, email: 'emil@example.com', token: { state: 'live', expiresAt: now - DAY } },
    { ...sent, email: 'fred@example.com', token: { state: 'revoked', expiresAt: later } },
    missing('gerda', 'd2e1a72fcca58-2c1si1'),
    missing('heinrich', 'a9b8c7d6e5f4-9z8y7x6'),
    { email: 'ida@x<b>.example', state: 'unknown', reason: 'lost', settledAt: sentAt, token: live },
    { email: 'jane@example.com', state: 'queued' },
    { email: 'kurt@example.com', state: 'skipped', reason: 'user_inactive', lockedAt: sentAt },
    { email: 'lena@example.com', state: 'skipped', reason: 'excepted' },
    { email: `${HOSTILE}@example.com`, state: 'skipped', reason: 'user_not_found', isUser: false },
  ];
}

/** The cells of a table, row by row, without its head. */
function rowsOf(html: string, id: string): string[][] {
  const { elements } = readHtml(html);
  const table = elements.find((each) => attributeOf(each, 'id') === id);
  const rows = table === undefined ? [] : descendantsOf(table).filter(({ tagName }) => tagName === 'tr');
  return rows
    .map((row) => descendantsOf(row).filter(({ tagName }) => tagName === 'td' || tagName === 'th'))
    .map((cells) => cells.map((cell) => textIn(cell).trim()))
    .slice(1);
}

const numbersOf = (html: string, id: string, column = 1): Record<string, number> =>
  Object.fromEntries(
    rowsOf(html, id).map((cells) => [cells[0] ?? '', Number(cells[column]?.replaceAll(',', ''))]),
  );

eachDatabase('the report of a batch as a page', (open) => {
  it('has the numbers that the database has', async () => {
    const database = await open();
    const { app, now } = await openAt(database);
    const { ledger: db } = app;
    await insertLedger(db, everyOutcome(now), now - 3 * DAY - 60_000, { is_locking: true });
    await record(db, now - 3 * DAY, {
      event: 'operator_action',
      result: 'users_locked',
      actor: operator,
      batchId: LEDGER_ID,
      details: { users: 1, sessionsEnded: 41 },
    });
    const html = await reportHtml(app, LEDGER_ID, { hasPeople: true });
    const count = async (table: string, where: string) => {
      const row = (await db(table).count({ n: '*' }).whereRaw(where).first()) as { n: number | string };
      return Number(row.n);
    };
    const inBatch = (where: string) => count('reset_outbox', where);
    const mails = numbersOf(html, 'mails');
    expect(mails).toEqual({
      'Sent the mail server accepted it': await inBatch(`state = 'sent'`),
      Failed: await inBatch(`state = 'failed'`),
      'Unknown the last answer was lost; counted as failed below': await inBatch(`state = 'unknown'`),
      Waiting: await inBatch(`state in ('queued', 'claimed')`),
      Skipped: await inBatch(`state = 'skipped'`),
      'In all': await inBatch('1 = 1'),
    });
    const people = Object.values(numbersOf(html, 'people'));
    const { outcomes } = await showBatch(app, LEDGER_ID);
    expect(people).toEqual([...Object.values(outcomes), await inBatch('1 = 1')]);
    expect(outcomes.changed).toBe(await count('reset_tokens', `state = 'used'`));

    const failed = await inBatch(`state in ('failed', 'unknown')`);
    const days = rowsOf(html, 'days');
    expect(days.at(-1)).toEqual(['In all', String(mails['Sent the mail server accepted it']), String(failed), String(outcomes.changed)]); // prettier-ignore
    const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
    expect(days.slice(0, -1)).toEqual([
      [day(now - 3 * DAY), '6', '1', '0'],
      [day(now - 2 * DAY), '0', '2', '2'],
      [day(now - DAY), '0', '0', '1'],
    ]);
    expect(rowsOf(html, 'domains')).toEqual([
      ['example.org', '2', '2'],
      ['x<b>.example', '1', '1'],
    ]);
    expect(rowsOf(html, 'reasons').map(([reason, words, many]) => [reason, words?.slice(0, 53), many])).toEqual([
      ['refused for good', '550 5.1.1 <[address]>: <script>alert(1)</script> [nam', '2'],
      ['the last answer was lost; the mail may have arrived', '', '1'],
    ]); // prettier-ignore
    expect(numbersOf(html, 'skipped')).toEqual({
      'not active in the application': 1,
      'by --except': 1,
      'the line names no user': 1,
    });
    const locked = await inBatch('locked_at is not null');
    expect(visibleText(html)).toMatch(new RegExp(`Passwords locked ${locked} .*Sessions ended 41 `));
  });

  it('lists who has no new password, those first who need help, and leaves out who keeps the old one', async () => {
    const { app, now } = await openAt(await open());
    await insertLedger(app.ledger, everyOutcome(now), now - 3 * DAY - 60_000);
    const html = await reportHtml(app, LEDGER_ID, { hasPeople: true });
    expect(rowsOf(html, 'unchanged').map(([name, state]) => [name?.split('@')[0], state?.split(' 2')[0]])).toEqual([
      ['gerda', 'not reached: refused for good'],
      ['heinrich', 'not reached: refused for good'],
      ['ida', 'not reached: the last answer was lost; the mail may have arrived'],
      ['kurt', 'locked, without a mail: not active in the application'],
      ['emil', 'the link expired at'],
      ['fred', 'the link was revoked or replaced'],
      ['jane', 'the mail is still to go'],
      ['dora', 'has a link until'],
    ]); // prettier-ignore
  });

  it('counts a person once over all mails, with the link of the reminder', async () => {
    const { app, now } = await openAt(await open());
    const { ledger: db } = app;
    await insertLedger(db, everyOutcome(now), now - 3 * DAY - 60_000);
    const batch = (await db('reset_batches').first()) as object;
    const emil = { user_id: '5', request_id: 'request-5' };
    const mail = (await db('reset_outbox').where(emil).first()) as { id: number };
    const token = (await db('reset_tokens').where(emil).first()) as object;
    const again = { request_id: 'reminder-5', id: 1000 };
    const exp = Math.floor((now + 2 * DAY) / 1000);
    await db('reset_batches').insert({ ...batch, id: 'reminder', parent_id: LEDGER_ID, reminder: 1 });
    await db('reset_outbox').insert({
      ...mail,
      ...again,
      batch_id: 'reminder',
      first_id: mail.id,
      settled_at: now,
      link_exp: exp,
    });
    await db('reset_tokens').insert({ ...token, ...again, jti: 'reminder-5', exp });
    const html = await reportHtml(app, LEDGER_ID, { hasPeople: true });
    const day = (ms: number) => new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
    expect(rowsOf(html, 'unchanged').find(([name]) => name === 'emil@example.com')).toEqual([
      'emil@example.com',
      `has a link until ${day(now + 2 * DAY)}`,
      day(now),
    ]);
    expect(Object.values(numbersOf(html, 'people'))).toEqual([3, 2, 0, 1, 3, 1, 3, 13]);
    expect(visibleText(html)).toContain('Reminders reminder: people are counted with them, mails are not');
  });

  it('keeps what others wrote as text, and asks for nothing from anywhere', async () => {
    const { app, now } = await openAt(await open());
    await insertLedger(app.ledger, everyOutcome(now), now - 3 * DAY - 60_000, {
      selection: `where team=${HOSTILE}`,
      ticket: `"><img src=x onerror=alert(1)>`,
      reason: `${HOSTILE}\n<style>*{display:none}</style>`,
      actor_name: '<i>dana</i>',
    });
    const html = await reportHtml(app, LEDGER_ID, { hasPeople: true });
    const { elements } = readHtml(html);
    const names = new Set(elements.map(({ tagName }) => tagName));
    for (const name of ['script', 'img', 'i', 'b', 'link', 'iframe', 'object', 'a', 'form'])
      expect([...names]).not.toContain(name);
    const attributes = elements.flatMap(({ attrs }) => attrs.map(({ name }) => name));
    expect(attributes.filter((name) => /^on|^src$|^href$|^style$/.test(name))).toEqual([]);
    const styles = elements.filter(({ tagName }) => tagName === 'style').map(textIn);
    expect(styles).toHaveLength(1);
    expect(styles.join()).not.toMatch(/url\(|@import/);
    const text = visibleText(html);
    for (const words of [`where team=${HOSTILE}`, '"><img src=x onerror=alert(1)>', '<i>dana</i>', '<style>*'])
      expect(text).toContain(words); // prettier-ignore
  });

  it('has nobody in it with --no-people, whoever wrote the address down', async () => {
    const { app, now } = await openAt(await open());
    const people = everyOutcome(now);
    await insertLedger(app.ledger, people, now - 3 * DAY - 60_000, {
      selection: 'anna@example.com bert@example.com',
      ticket: 'from carl@example.com',
      reason: 'Dora (dora@example.com) saw it first.',
      redirect_to: 'emil@example.com',
    });
    const text = visibleText(await reportHtml(app, LEDGER_ID, { hasPeople: false }));
    expect(text).not.toMatch(/[^\s]@[^\s]/);
    for (const { email } of people.filter(({ state }) => state !== 'skipped'))
      expect(text.replace('Dora ', '').toLowerCase()).not.toMatch(
        new RegExp(`\\b${email?.split('@')[0]}\\b`),
      );
    expect(text).toContain('8 people. This report was made without names and addresses.');
    expect(text).toContain('550 5.1.1 <[address]>');
  });

  it('stays a file that can be mailed, however many there are', async () => {
    const { app, now } = await openAt(await open());
    const email = `${'&'.repeat(240)}@example.com`;
    const people = Array.from({ length: 2100 }, () => ({ email, state: 'queued' as const }));
    await insertLedger(app.ledger, people, now - DAY, { state: 'running', ended_at: null });
    const html = await reportHtml(app, LEDGER_ID, { hasPeople: true });
    expect(Buffer.byteLength(html)).toBeLessThan(5_000_000);
    expect(rowsOf(html, 'unchanged')).toHaveLength(2000);
    const text = visibleText(html);
    expect(text).toMatch(/And 100 more\. This lists everybody: \S+ batch report 5f0c1d2e3a4b --format csv/);
    expect(text).toContain('This batch is still running: 2,100 mails are still to go');
    expect(text.indexOf('still running')).toBeLessThan(text.indexOf('What was sent'));
    expect(text).toContain('No mail has been sent, and nobody has used a link yet.');
  });
});
