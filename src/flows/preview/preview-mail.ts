import type { Config } from '../../config/config.ts';
import { composeNotice, composeReset } from '../../mail/compose.ts';
import { buildEml } from '../../mail/eml.ts';
import type { Message } from '../../mail/message.ts';
import { createRenderer } from '../../render/render-template.ts';
import type { Clock } from '../../types.ts';
import type { MailFormat } from './preview-kinds.ts';
import { sampleNotice, sampleReset } from './sample.ts';

export interface MailPreview {
  readonly mail: 'reset' | 'notice';
  readonly format: MailFormat;
  /** as if an administrator had sent it, with this ticket */
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

function composeSample(config: Config, now: number, { mail, ticket, reason }: MailPreview): Message {
  const renderer = createRenderer({ overrides: config.templates });
  const requestedBy = ticket === undefined && reason === undefined ? 'person' : 'operator';
  const wish = { now, requestedBy, ticket, reason } as const;
  return mail === 'notice'
    ? composeNotice(renderer, sampleNotice(config, renderer, wish))
    : composeReset(renderer, sampleReset(config, renderer, wish));
}
