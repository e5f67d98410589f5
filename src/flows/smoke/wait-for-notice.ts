import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../../app.ts';
import { findMessages } from '../../outbox/find-messages.ts';
import { expectStep } from './steps.ts';

/** The listener delivers the notice; the outbox says when, and under which Message-ID. */
export async function waitForNotice(
  app: App,
  requestId: string,
  timeoutMs: number,
): Promise<{ id: string; reply: string }> {
  const pollMs = 100;
  for (let left = timeoutMs; ; left -= pollMs) {
    const notice = (await findMessages(app.ledger, requestId)).find(({ kind }) => kind === 'notice');
    expectStep(notice !== undefined, 'no notice was queued');
    if (notice.state === 'sent') return { id: notice.messageId ?? '', reply: notice.reply ?? '' };
    const isOver = notice.state !== 'queued' && notice.state !== 'claimed';
    const said = notice.reply ?? notice.reason ?? 'no worker delivered it';
    expectStep(!isOver && left > 0, `the notice is ${notice.state} after ${timeoutMs / 1000} s: ${said}`);
    await sleep(pollMs);
  }
}
