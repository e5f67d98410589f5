import { ResetError } from '../errors.ts';
import { toMailData } from './mail-data.ts';
import type { Message } from './message.ts';

/** The mail as it would go over the wire, for `file:` and for previews. */
export async function buildEml(message: Message, nowMs: number): Promise<Buffer> {
  const { createTransport } = await import('nodemailer');
  const { message: eml } = await createTransport({
    streamTransport: true,
    buffer: true,
    newline: 'windows',
    disableFileAccess: true,
    disableUrlAccess: true,
  }).sendMail(toMailData(message, nowMs));
  if (Buffer.isBuffer(eml)) return eml;
  throw new ResetError(
    'config_invalid',
    'The mail library gave a stream instead of a mail. Install its locked version.',
  );
}
