import { expect, onTestFinished, test } from 'vitest';
import { sendReset } from '../../../src/flows/links/send-reset.ts';
import { createTestApp } from '../../helpers/create-test-app.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { startScriptedSmtp } from '../../helpers/scripted-smtp.ts';

const replies: readonly (readonly [string, string])[] = [
  ['in Chinese', '250 已加入队列 ✓'],
  ['with an emoji', '250 queued 📬'],
  ['with a NUL', '250 queued\0as 1'],
  ['with bytes that are not UTF-8', '250 queued \ud83d'],
  ['with terminal controls', '250 \u001b[2Jqueued \u009b31m'],
  ['of four thousand letters', `250 ${'é'.repeat(4000)}`],
];

eachDatabase('a mail goes out once, whatever the server says to it', (open) => {
  test.each(replies)('%s', async (_title, line) => {
    const server = await startScriptedSmtp({ end: () => line });
    onTestFinished(() => server.close());
    const { app, addUser, close } = await createTestApp({
      database: (await open()).url,
      config: { 'mail.url': server.url },
    });
    onTestFinished(close);
    const id = await addUser({ email: 'susan@example.test' });
    const sent = await sendReset(app, { identifier: { id }, actor: app.operator, bucket: null });
    expect(sent.status).toBe('sent');
    expect(sent.reply).toMatch(/^250 [^\p{Cc}]*$/u);
    expect(server.mails).toHaveLength(1);
  });
});
