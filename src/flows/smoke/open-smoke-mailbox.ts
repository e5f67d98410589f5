import { startCapture } from '../../mail/capture.ts';
import { openMailboxReader } from '../../mail/mailbox-reader.ts';
import type { ReadMail } from '../../mail/read-mail.ts';

/** Where the mails of a run are found. */
export interface SmokeMailbox {
  /** where mails must go instead of `mail.url`; undefined: the real mail server is in the chain */
  readonly mailUrl: string | undefined;
  waitFor(messageId: string, timeoutMs: number): Promise<ReadMail>;
  close(): Promise<void>;
}

/** `--mailbox`, or a mail server of our own in this process. Throws usage_invalid for a URL that is neither form. */
export async function openSmokeMailbox(url: string | undefined): Promise<SmokeMailbox> {
  if (url !== undefined) {
    const reader = openMailboxReader(url);
    return {
      mailUrl: undefined,
      waitFor: (id, ms) => reader.waitFor(id, ms),
      close: () => Promise.resolve(),
    };
  }
  const capture = await startCapture();
  return {
    mailUrl: capture.url,
    waitFor: (id, ms) => capture.waitFor(({ messageId }) => messageId === id, ms),
    close: () => capture.close(),
  };
}
