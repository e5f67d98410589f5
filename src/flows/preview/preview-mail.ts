import type { Config } from '../../config/config.ts';
import { composeAccess, composeNotice, composeReset } from '../../mail/compose.ts';
import { buildEml } from '../../mail/eml.ts';
import type { Message } from '../../mail/message.ts';
import { createRenderer } from '../../render/render-template.ts';
import type { Clock, Occasion } from '../../types.ts';
import type { MailFormat } from './preview-kinds.ts';
import { sampleAccess, sampleNotice, sampleReset } from './sample.ts';

export interface MailPreview {
  readonly mail: 'reset' | 'notice' | 'access';
  readonly format: MailFormat;
  /** without it a reason is a batch's, and a ticket is support's */
  readonly occasion?: Occasion | undefined;
  /** as in a batch after which the old password no longer works */
  readonly isLocked?: boolean | undefined;
  /** as if an operator had caused it, with this ticket */
  readonly ticket?: string | undefined;
  /** as in a batch: the administrator's own paragraph */
  readonly reason?: string | undefined;
}

/** A mail as its reader gets it, without a database or a mail server. Throws config_invalid for a broken template. */
export async function previewMail(config: Config, clock: Clock, wanted: MailPreview): Promise<string> {
  const now = clock.now();
  const message = composeSample(config, now, wanted);
  switch (wanted.format) {
    case 'html':
      return `${message.html}\n`;
    case 'text':
      return `Subject: ${message.subject}\n\n${message.text}`;
    case 'eml':
      return (await buildEml(message, now)).toString('latin1'); // seven bits: words beyond ASCII are encoded
  }
}

function composeSample(config: Config, now: number, wanted: MailPreview): Message {
  const renderer = createRenderer({ overrides: config.templates });
  const { mail, ticket, reason, isLocked } = wanted;
  const occasion = wanted.occasion ?? impliedOccasion(wanted);
  const wish = { now, occasion, ticket, reason, isLocked };
  if (mail === 'notice') {
    // Somebody who uses a link has no ticket: with a ticket, an operator has set the password.
    const requestedBy = ticket === undefined ? 'person' : 'operator';
    return composeNotice(renderer, sampleNotice(config, renderer, { ...wish, requestedBy }));
  }
  if (mail === 'access') return composeAccess(renderer, sampleAccess(config, renderer, wish));
  const requestedBy = occasion === 'page' ? 'person' : 'operator';
  return composeReset(renderer, sampleReset(config, renderer, { ...wish, requestedBy }));
}

function impliedOccasion({ ticket, reason, isLocked = false }: MailPreview): Occasion {
  if (reason !== undefined || isLocked) return 'batch';
  return ticket === undefined ? 'page' : 'support';
}
