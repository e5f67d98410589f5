import type { Capture } from '../../mail/capture.ts';
import { startCapture } from '../../mail/capture.ts';
import { saveMail } from '../../mail/save-mail.ts';
import type { Renderer } from '../../render/render-template.ts';
import type { Clock } from '../../types.ts';
import type { MailboxServer } from './serve-mailbox.ts';

/** A mail server that puts what it gets into a folder, and that folder in a browser. */
export interface DemoMail {
  readonly capture: Capture;
  serve(renderer: Renderer): Promise<MailboxServer>;
}

/** Start the SMTP server of a playground. */
export async function startDemoMail(folder: string, clock: Clock): Promise<DemoMail> {
  const capture = await startCapture({
    onMail: async ({ source, messageId }) => {
      await saveMail(folder, { content: source, messageId }, clock.now());
    },
  });
  return {
    capture,
    serve: async (renderer) => (await import('./serve-mailbox.ts')).serveMailbox(folder, renderer),
  };
}
