import type { Config } from '../../config/config.ts';
import { findIssuer } from '../../native/find-issuer.ts';
import { ResetError } from '../../errors.ts';
import { assertLinkLife, LINK_LIFE } from '../../values/link-life.ts';

const DEFAULT_LIFE_MS = 3_600_000;
/** For a batch, whose readers may be asleep. */
const BATCH_LIFE_MS = 24 * DEFAULT_LIFE_MS;

interface Asked {
  /** what a program asks for, in milliseconds; undefined: what the configuration says */
  readonly askedMs?: number | undefined;
  /** many recipients, and some will only read their mail tomorrow */
  readonly isBatch?: boolean;
}

type LifeSettings = Pick<Config, 'expiresInMs' | 'link' | 'users' | 'flagged'>;

/**
 * How long a link lives, in milliseconds: the one rule for every command, the listener and the library. A native link
 * lives as long as the application says, unless the operator says otherwise. Throws usage_invalid for a lifetime that
 * is too short or too long.
 */
export function linkLifeMs(config: LifeSettings, { askedMs, isBatch = false }: Asked = {}): number {
  if (askedMs !== undefined) assertLinkLife(askedMs);
  if (config.link.native) return nativeLifeMs(config, askedMs);
  return askedMs ?? config.expiresInMs ?? (isBatch ? BATCH_LIFE_MS : DEFAULT_LIFE_MS);
}

function nativeLifeMs(config: LifeSettings, askedMs?: number): number {
  const { expiresInMs, link, flagged } = config;
  const { name, lifeMs, lifeSetting } = findIssuer(config);
  if (lifeSetting !== null) return link.expiresInMs ?? lifeMs;
  // The token contains its own expiry.
  if ((link.expiresInMs ?? 0) > LINK_LIFE.maxMs) throw tooLong(name);
  const settings = [link.expiresInMs, expiresInMs];
  if (flagged.has('token.expiresIn')) settings.reverse();
  return [askedMs, ...settings].find((each) => each !== undefined) ?? lifeMs;
}

const tooLong = (name: string): ResetError =>
  new ResetError('config_invalid', `link.expiresIn must be ${LINK_LIFE.words} for links of ${name}.`);
