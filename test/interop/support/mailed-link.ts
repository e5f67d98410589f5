import { startMailbox, type Mailbox } from '../../helpers/mailbox.ts';
import { stopAfter, stopAll } from './process.ts';

/** An application that mails to a mailbox of its own. */
export interface Mailing {
  readonly mailbox: Mailbox;
}

/** Starts an application with a mailbox beside it, which closes with it. */
export async function startWithMailbox<A extends { stop(): Promise<void> }>(
  start: (mailbox: Mailbox) => Promise<A>,
): Promise<A & Mailing> {
  const mailbox = await startMailbox();
  const close = () => mailbox.close();
  const application = await start(mailbox).catch((error: unknown) => stopAfter(error, close));
  return { ...application, mailbox, stop: () => stopAll(() => application.stop(), close) };
}

/** The link that the application mails after `ask`, found by how it looks. */
export async function mailedLink(
  { mailbox }: Mailing,
  look: RegExp,
  ask: () => Promise<unknown>,
): Promise<string> {
  const count = mailbox.messages.length;
  await ask();
  const mail = (await mailbox.waitFor(count + 1)).at(-1)?.parsed;
  const found = look.exec(`${mail?.text ?? ''}\n${mail?.html || ''}`)?.[0];
  if (found === undefined) throw new Error(`No link like ${look.source} in:\n${mail?.text ?? ''}`);
  return found.replaceAll('&amp;', '&');
}

/** The token in the query of a link. */
export const tokenIn = (link: string, name = 'token'): string => new URL(link).searchParams.get(name) ?? '';
