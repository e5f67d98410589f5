import type { MailedCode } from '../../mail/compose.ts';
import type { Config } from '../../config/config.ts';
import { findIssuer } from '../../native/find-issuer.ts';
import { fillLink, linkTemplate } from '../../native/link-path.ts';
import { codeUrlOf, linkTo } from '../../tokens/reset-link.ts';

export interface SampleLink {
  readonly link: string;
  readonly worksOnce: boolean;
}

/** A sample code, if mails of this setup contain one. */
export const sampleCode = (
  { link, mail }: Pick<Config, 'link' | 'mail'>,
  baseUrl: string,
): MailedCode | undefined =>
  mail.code && !link.native ? { code: '7KQM-2X9T', url: codeUrlOf(baseUrl) } : undefined;

/**
 * A sample link to where this setup's links lead: our page, or the application's own. Throws config_invalid where the
 * preset has no native links.
 */
export function sampleLink(
  { link, users }: Pick<Config, 'link' | 'users'>,
  baseUrl: string,
  token: string,
): SampleLink {
  if (!link.native) return { link: linkTo(baseUrl, token), worksOnce: true };
  const issuer = findIssuer({ link, users });
  const parts = { token, uid: 'nobody', login: 'nobody', email: 'nobody', id: '0', username: 'nobody' };
  return {
    link: fillLink(baseUrl, linkTemplate(issuer, link.path), parts),
    worksOnce: !issuer.outlivesUse,
  };
}
