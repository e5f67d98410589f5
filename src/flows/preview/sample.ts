import type { Config } from '../../config/config.ts';
import type { AccessInput, MailInput, NoticeInput, ResetInput } from '../../mail/compose.ts';
import { chooseLocale } from '../../render/choose-locale.ts';
import type { Renderer } from '../../render/render-template.ts';
import { requestUrlOf } from '../../tokens/reset-link.ts';
import type { Occasion, Reminder } from '../../types.ts';
import { linkLifeMs } from '../links/link-life.ts';
import { sampleCode, sampleLink } from './sample-link.ts';
import { sampleSite } from './sample-site.ts';

/** Sample values for what the setup does not say yet. */
const SAMPLE = {
  from: { address: 'no-reply@accounts.example.com' },
  email: 'susan@example.com',
  name: 'Susan',
  // As long as a real token, so that it wraps as real ones do.
  token: `${'preview.'.repeat(38)}end`,
} as const;

/** For mails that are previewed and never sent. */
export const SAMPLE_MESSAGE_ID = '<sample@accounts.example.com>';

/** What a sample shows. Instants and lifetimes in milliseconds. */
export interface SampleWish {
  readonly now: number;
  /** without it the first language of the set-up that the catalogue has */
  readonly locale?: string | undefined;
  /** without it what the set-up gives a link */
  readonly lifeMs?: number | undefined;
  readonly requestedBy?: MailInput['requestedBy'] | undefined;
  readonly occasion?: Occasion | undefined;
  /** as in a batch that locks the old passwords */
  readonly isLocked?: boolean | undefined;
  /** as in a reminder of a batch */
  readonly reminder?: Reminder | undefined;
  readonly ticket?: string | undefined;
  /** as in a batch: the administrator's own paragraph */
  readonly reason?: string | undefined;
}

/** A sample reset mail of this setup. Throws config_invalid where the preset has no native links. */
export function sampleReset(config: Config, renderer: Renderer, wish: SampleWish): ResetInput {
  const { now, reason, isLocked, occasion, reminder } = wish;
  const { lifeMs = linkLifeMs(config, { isBatch: occasion === 'batch' }) } = wish;
  const input = sampleInput(config, renderer, wish);
  const { link, worksOnce } = sampleLink(config, input.baseUrl, SAMPLE.token);
  return {
    ...input,
    link,
    worksOnce,
    issuedAt: now,
    expiresAt: now + lifeMs,
    reason,
    isLocked,
    reminder,
    code: sampleCode(config, input.baseUrl),
  };
}

/** A sample notice of this setup. */
export function sampleNotice(config: Config, renderer: Renderer, wish: SampleWish): NoticeInput {
  const input = sampleInput(config, renderer, wish);
  return { ...input, changedAt: wish.now, requestUrl: requestUrlOf(input.baseUrl) };
}

/** A sample mail of this setup about what else changed. */
export const sampleAccess = (config: Config, renderer: Renderer, wish: SampleWish): AccessInput => ({
  ...sampleNotice(config, renderer, { ...wish, requestedBy: 'operator' }),
  changes: ['totp', 'recovery-codes', 'session'],
});

function sampleInput(
  config: Config,
  renderer: Renderer,
  { locale, requestedBy = 'person', occasion = 'page', ticket }: SampleWish,
): MailInput {
  const { mail, timeZone, brand } = config;
  return {
    ...sampleSite(config),
    from: mail.from ?? SAMPLE.from,
    email: SAMPLE.email,
    name: SAMPLE.name,
    locale: locale ?? chooseLocale([mail.locale], renderer.catalogue.available),
    timeZone,
    messageId: SAMPLE_MESSAGE_ID,
    requestedBy,
    occasion,
    ticket,
    supportContact: brand.support,
    accent: brand.color,
  };
}
