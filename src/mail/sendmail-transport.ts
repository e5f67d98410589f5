import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type MimeNode from 'nodemailer/lib/mime-node';
import type { Clock } from '../types.ts';
import { libraryMessage } from './library-message.ts';
import { toMailData } from './mail-data.ts';
import { bodySent } from './smtp-pool.ts';
import type { Transport } from './transport-contract.ts';

/** The library's transport, as far as we use it: the transporter around it does more than one recipient needs. */
interface Sendmail {
  _spawn: (program: string, args: readonly string[]) => ChildProcess;
  send(
    mail: { readonly message: MimeNode; readonly data: object },
    done: (error: Error | null, info?: { readonly response: string }) => void,
  ): unknown;
}

/** Such programs read lines as they are on this machine, and write them for SMTP themselves. */
const toUnix = (bytes: Buffer): Buffer => Buffer.from(bytes.toString().replaceAll('\r\n', '\n'));

/** The same error that running it would give. */
class NotRunnable extends Error {}

/** It was stopped, and may have taken the mail. */
class NotEnded extends Error {
  readonly [bodySent] = true;
}

/** A queue takes a mail at once; a program that delivers it itself, such as msmtp, needs as long as the far side. */
const PATIENCE_MS = 300_000;

/** This machine's own program for mails, called once for each: it takes them into its queue. */
export function openSendmail(program: string, clock: Clock, patienceMs = PATIENCE_MS): Transport {
  return {
    async send(given) {
      const [{ composeMime }, { default: Library }, { spawn }] = await Promise.all([
        import('./compose-mime.ts'),
        import('nodemailer/lib/sendmail-transport'),
        import('node:child_process'),
      ]);
      const mail = toMailData(given, clock.now());
      const bytes = toUnix(composeMime(mail));
      const message = libraryMessage(mail, () => Readable.from([bytes]));
      const sendmail = new Library({ path: program }) as unknown as Sendmail;
      let isStopped = false;
      sendmail._spawn = (path, args) => {
        const child = spawn(path, args);
        const timer = setTimeout(() => (isStopped = child.kill('SIGKILL')), patienceMs);
        return child.once('close', () => {
          clearTimeout(timer);
        });
      };
      await new Promise<void>((resolve, reject) => {
        sendmail.send({ message, data: {} }, (error) => {
          if (isStopped) reject(new NotEnded(`${program} did not end within ${patienceMs / 1000} s`));
          else if (error) reject(error);
          else resolve();
        });
      });
      return { reply: `accepted by ${program}`, messageId: given.messageId };
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
