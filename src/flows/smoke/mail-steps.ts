import type { ReadMail } from '../../mail/read-mail.ts';
import { checkDelivery } from '../delivery/check-delivery.ts';
import { sendReset } from '../links/send-reset.ts';
import type { Step } from './steps.ts';
import { expectStep } from './steps.ts';
import type { Walk } from './walk.ts';

/** What the first steps find and the later ones use. */
export interface Trail {
  requestId: string;
  messageId: string;
  mail: ReadMail | undefined;
  link: string;
}

/** A run whose mail is still to be sent. */
export const startTrail = (): Trail => ({ requestId: '', messageId: '', mail: undefined, link: '' });

/** From the template to the mailbox. */
export const listMailSteps = (
  { app, canary, receive, hasOwnMailServer }: Walk,
  trail: Trail,
): readonly Step[] => [
  {
    name: 'templates render',
    class: 'template',
    run: async () => {
      await checkDelivery(app);
      return 'ok';
    },
  },
  {
    name: 'the mail server accepts the mail',
    class: 'mail',
    run: async () => {
      const sent = await sendReset(app, {
        identifier: { id: canary.id },
        actor: app.operator,
        bucket: null,
      });
      expectStep(sent.status === 'sent', `${sent.status}: ${sent.reply ?? sent.reason ?? 'no reply'}`);
      trail.requestId = sent.requestId;
      trail.messageId = sent.messageId ?? '';
      return `${sent.reply ?? 'ok'}${hasOwnMailServer ? " (reset's own; yours: --mailbox)" : ''}`;
    },
  },
  {
    name: 'the mail arrives',
    class: 'mail',
    run: async () => {
      trail.mail = await receive(trail.messageId);
      expectStep(trail.mail.to.includes(canary.email), `it is addressed to ${trail.mail.to}`);
      return trail.mail.subject;
    },
  },
];
