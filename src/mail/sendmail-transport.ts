import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type MimeNode from 'nodemailer/lib/mime-node';
import type { Clock } from '../types.ts';
import { toMailData } from './mail-data.ts';
import type { Transport } from './transport-contract.ts';

/** The library's transport, as far as we use it: the transporter around it does more than one recipient needs. */
interface Sendmail {
  send(
    mail: { readonly message: MimeNode; readonly data: object },
    done: (error: Error | null, info?: { readonly response: string }) => void,
  ): unknown;
}

/** Such programs read lines as they are on this machine, and write them for SMTP themselves. */
const toUnix = (bytes: Buffer): Buffer => Buffer.from(bytes.toString().replaceAll('\r\n', '\n'));

/** As the attempt to run it would have said. */
class NotRunnable extends Error {}

/** This machine's own program for mails, called once for each: it takes them into its queue. */
export function openSendmail(program: string, clock: Clock): Transport {
  return {
    async send(given) {
      const [{ composeMime }, { default: Library }] = await Promise.all([
        import('./compose-mime.ts'),
        import('nodemailer/lib/sendmail-transport'),
      ]);
      const { message, bytes } = composeMime(toMailData(given, clock.now()));
      message.createReadStream = () => Readable.from([toUnix(bytes)]);
      const sendmail = new Library({ path: program }) as unknown as Sendmail;
      await new Promise<void>((resolve, reject) => {
        sendmail.send({ message, data: {} }, (error) => {
          if (error) reject(error);
          else resolve();
        });
      });
      return { reply: `taken by ${program}`, messageId: given.messageId };
    },
    async verify() {
      await access(program, constants.X_OK).catch((cause: unknown) => {
        const { code = '' } = cause as NodeJS.ErrnoException;
        throw Object.assign(new NotRunnable(`spawn ${program} ${code}`, { cause }), { code });
      });
      return { reply: `${program} can be run` };
    },
    close: () => Promise.resolve(),
  };
}
