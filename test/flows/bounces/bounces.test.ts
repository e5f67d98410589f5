import { expect, it } from 'vitest';
import { showBatch } from '../../../src/flows/batch/follow-batch.ts';
import { retryBatch } from '../../../src/flows/batch/manage-batches.ts';
import { planReminder } from '../../../src/flows/batch/plan-reminder.ts';
import { reportHtml } from '../../../src/flows/batch/report-html.ts';
import { lift, readSuppressed } from '../../../src/flows/bounces/suppressions.ts';
import { readUserStatus } from '../../../src/flows/history/read-status.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { operator } from '../flow-app.ts';
import { events, openBounceScene, post, report } from './scene.ts';

const people = ['gone@example.test', 'full@example.test', 'good@example.test'];
const [gone = '', full = '', good = ''] = people;
const OTHER = '+1.00000000000000000000@';

eachDatabase('a mail that comes back', (open) => {
  it('is marked, counted, reported, and leaves its address out until that is lifted', async () => {
    const scene = await openBounceScene(await open(), people);
    const { app, clock } = scene;
    const id = await scene.send();
    const goneMail = scene.mailTo(gone);
    expect(goneMail.SENDER).toMatch(/^bounce\+\d+\.[0-9a-f]{20}@example\.test$/);
    const mbox = [report(goneMail), report(scene.mailTo(full), { STATUS: '5.2.2' })];
    const lines = await scene.read(mbox.map((mail) => `From MAILER-DAEMON Sun\n${mail}`).join('\n'));
    expect(lines.map(({ result, address, isSuppressed }) => [result, address, isSuppressed])).toEqual([
      ['bounced', gone, true],
      ['bounced', full, false],
    ]);
    expect((await scene.read(mbox[0] ?? '')).map(({ result }) => result)).toEqual(['known']);

    const shown = await showBatch(app, id);
    expect(shown.counts).toMatchObject({ sent: 1, bounced: 2, reasons: { bad_address: 1, not_accepted: 1 } });
    expect(shown.outcomes).toMatchObject({ open: 1, failed: 2 });
    const page = await reportHtml(app, id, { hasPeople: true });
    expect(page).toContain('came back: the address accepts no mail');
    expect(page).toContain('User unknown');
    const status = await readUserStatus(app, { email: gone });
    expect(status.facts[0]?.message).toMatch(/came back .*User unknown.*bounces lift gone@example\.test/);
    expect(status.lastMail).toMatchObject({ status: 'bounced', reason: 'bad_address' });
    expect(status.timeline.at(-1)).toMatchObject({ event: 'mail_bounced' });

    clock.advance(4 * 86_400_000);
    const reminder = await planReminder(app, {
      ...{ parentId: id, afterMs: 86_400_000, max: 2, actor: operator, isDryRun: true },
    });
    expect(reminder.counts).toMatchObject({ queued: 1, reasons: { not_delivered: 2 } });
    const next = await showBatch(app, await scene.send());
    expect(next.counts).toMatchObject({ sent: 2, skipped: 1, reasons: { suppressed: 1 } });

    expect(await retryBatch(app, id, operator)).toBe(1); // the mailbox that was full
    expect(await lift(app, ' Gone@Example.test ')).toMatchObject({ address: gone });
    await expect(lift(app, gone)).rejects.toThrow(/No mail to gone@example\.test has come back/);
    expect(await retryBatch(app, id, operator)).toBe(1);
  });

  it('is found whatever form the report has, and only if it is proven', async () => {
    const scene = await openBounceScene(await open(), [good]);
    for (const event of events) {
      await scene.send();
      const about = scene.mailTo(good);
      const [line] = await scene.read(post(event, about));
      expect([event.about, line?.result, line?.status]).toEqual([event.about, event.result, event.status]);
      const strange = { ...about, RECIPIENT: 'other@example.test' };
      const [other] = event.isMarked === false ? await scene.read(post(event, strange)) : [];
      expect(other?.result ?? 'not_ours').toBe('not_ours');
      for await (const { address } of readSuppressed(scene.app)) await lift(scene.app, address);
    }
  });

  it('is not marked by what others write', async () => {
    const scene = await openBounceScene(await open(), [gone]);
    const id = await scene.send();
    const mail = scene.mailTo(gone);
    const forged = mail.SENDER.replace(/\+(\d+)\..*@/, '+$1.00000000000000000000@');
    const noId = { ...mail, MESSAGE_ID: '<1@example.test>' };
    const table = [
      ['forged', report({ ...noId, SENDER: forged })],
      ['forged', report({ ...mail, SENDER: forged })],
      ['forged', report({ ...noId, SENDER: mail.SENDER.replace(/\+.*@/, OTHER) })],
      ['not_ours', report({ ...noId, SENDER: 'list@example.test' })],
      ['not_ours', report({ ...mail, SENDER: 'me@example.test', RECIPIENT: 'other@example.test' })],
      ['temporary', report(mail, { ACTION: 'delayed', STATUS: '4.4.1' })],
      ['other', report(mail, { ACTION: 'relayed', STATUS: '2.0.0' })],
      ['auto_reply', `Auto-Submitted: auto-replied\nTo: ${mail.SENDER}\n\nI am away.\n`],
      ['other', `List-Id: <x.example.test>\nTo: ${mail.SENDER}\nPrecedence: bulk\n\nHello\n`],
      [
        'other',
        `From: a@example.test\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: message/rfc822\n\n${report(mail)}\n--x--\n`,
      ],
      ['unreadable', '\u0001\u0002\u0003 no mail at all'],
      ['unreadable', '{"notificationType": "Bounce", '],
    ];
    for (const [result, text = ''] of table)
      expect([result, (await scene.read(text))[0]?.result]).toEqual([result, result]);
    expect((await showBatch(scene.app, id)).counts).toMatchObject({ sent: 1, bounced: 0 });
  });

  it('ends a mail whose answer was lost, and is not tried again', async () => {
    const scene = await openBounceScene(await open(), [gone]);
    const id = await scene.send();
    const queued = { state: 'queued', settled_at: null, reason: 'lost', due_at: scene.clock.now() };
    await scene.app.ledger('reset_outbox').update(queued);
    await scene.app.ledger('reset_batches').update({ state: 'running', ended_at: null });
    scene.clock.advance(-3 * 3_600_000);
    await scene.read(report(scene.mailTo(gone)));
    expect((await showBatch(scene.app, id)).counts).toMatchObject({ bounced: 1, queued: 0 });
  });
});
