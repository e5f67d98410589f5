import { toMailData } from './mail-data.ts';
import type { Message } from './message.ts';

/** The mail as it would go over the wire, for `file:` and for previews. */
export async function buildEml(message: Message, nowMs: number): Promise<Buffer> {
  const [{ default: MailComposer }, { writeMime }] = await Promise.all([
    import('nodemailer/lib/mail-composer'),
    import('./write-mime.ts'),
  ]);
  return writeMime(new MailComposer(toMailData(message, nowMs)).compile());
}
