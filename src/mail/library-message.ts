import type { Readable } from 'node:stream';
import type MimeNode from 'nodemailer/lib/mime-node';
import type { MailData } from './mail-data.ts';

/** What the library's transports ask of a message, for a mail that is written already. */
export const libraryMessage = (
  { envelope, messageId }: MailData,
  createReadStream: () => Readable,
): MimeNode =>
  ({
    getEnvelope: () => ({ ...envelope }),
    messageId: () => messageId,
    getHeader: () => messageId,
    createReadStream,
  }) as unknown as MimeNode;
