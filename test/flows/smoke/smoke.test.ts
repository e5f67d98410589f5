import { expect, it } from 'vitest';
import { runSmoke, type SmokeRun } from '../../../src/flows/smoke/run-smoke.ts';
import { writeJournal } from '../../../src/flows/smoke/journal.ts';
import type { StepResult } from '../../../src/flows/smoke/steps.ts';
import { startListener } from '../../../src/http/listen.ts';
import { parseMail } from '../../../src/mail/read-mail.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { openFlowApp } from '../flow-app.ts';

const encoded = '$2b$04$F6vQXz2kPX0aoOrwYFPwUu1e0UPHbZC2bPZ1nfhMbNmGZ0xDFE6rK';

eachDatabase('a smoke run', (open) => {
  it('resets a marked user and one of its own, and leaves the table as it was', async () => {
    const flow = await openFlowApp(await open(), { flags: { 'server.port': 0 } });
    const { app, mailbox } = flow;
    const id = await flow.addUser('canary@example.com', encoded);
    const users = async () =>
      JSON.stringify(await app.usersDb('users').select('id', 'email', 'password_hash').orderBy('id'));
    const before = await users();
    const run: SmokeRun = {
      app,
      isAllowed: true,
      timeoutMs: 20_000,
      signal: new AbortController().signal,
      startPages: () => startListener(app),
      receive: async (messageId) => {
        const mail = mailbox.messages.find(({ parsed }) => parsed.messageId === messageId);
        return parseMail(Buffer.from(mail?.raw ?? ''));
      },
      canSeeNotice: true,
      hasOwnMailServer: true,
    };
    try {
      await app.usersDb('users').where({ id }).update({ password_hash: 'left by a run that was killed' });
      await writeJournal(app, { userId: id, encoded });
      for (const email of ['canary@example.com', undefined]) {
        const steps: StepResult[] = [];
        for await (const step of runSmoke({ ...run, email })) steps.push(step);
        expect(steps.filter(({ status }) => status !== 'ok')).toEqual([]);
        expect(steps).toHaveLength(13);
        expect(await users()).toBe(before);
      }
    } finally {
      await flow.close();
    }
  });
});
