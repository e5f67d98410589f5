import type { Config } from '../../config/config.ts';
import type { MailInput } from '../../mail/compose.ts';
import { composeNotice, composeReset } from '../../mail/compose.ts';
import { buildEml } from '../../mail/eml.ts';
import type { Message } from '../../mail/message.ts';
import { chooseLocale } from '../../render/choose-locale.ts';
import { createRenderer } from '../../render/render-template.ts';
import type { Clock } from '../../types.ts';
import type { MailFormat } from './preview-kinds.ts';
import { linkLifeMs } from '../links/link-life.ts';
import { sampleLink } from './sample-link.ts';
import { sampleSite } from './sample-site.ts';
import { requestUrlOf } from '../../tokens/reset-link.ts';

export interface MailPreview {
  readonly mail: 'reset' | 'notice';
  readonly format: MailFormat;
  /** as if an administrator had sent it, with this ticket */
  readonly ticket?: string | undefined;
  /** as in a batch: the administrator's own paragraph */
  readonly reason?: string | undefined;
}

/** Nobody's: stands for what the set-up does not say yet. */
const SAMPLE = {
  from: { address: 'no-reply@accounts.example.com' },
  email: 'susan@example.com',
  name: 'Susan',
  messageId: '<preview@accounts.example.com>',
  // As long as a real token, so that it wraps as real ones do.
  token: `${'preview.'.repeat(48)}end`,
} as const;

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
  const { appName, baseUrl } = sampleSite(config);
  const input: MailInput = {
    appName,
    baseUrl,
    from: config.mail.from ?? SAMPLE.from,
    email: SAMPLE.email,
    name: SAMPLE.name,
    locale: chooseLocale([config.mail.locale], renderer.catalogue.available),
    timeZone: config.timeZone,
    messageId: SAMPLE.messageId,
    requestedBy: ticket === undefined && reason === undefined ? 'person' : 'operator',
    ticket,
    supportContact: config.brand.support,
    accent: config.brand.color,
  };
  if (mail === 'notice') {
    return composeNotice(renderer, {
      ...input,
      changedAt: now,
      requestUrl: requestUrlOf(baseUrl),
    });
  }
  const { link, worksOnce } = sampleLink(config, baseUrl, SAMPLE.token);
  return composeReset(renderer, {
    ...input,
    link,
    issuedAt: now,
    expiresAt: now + linkLifeMs(config, { isBatch: reason !== undefined }),
    worksOnce,
    reason,
  });
}
