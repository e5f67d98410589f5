import type { App } from '../../app.ts';
import { isResetError, ResetError } from '../../errors.ts';
import { timeAndDistance, toIso } from '../../values/instant.ts';
import { assertResettable } from '../users/find-resettable-user.ts';
import { describeLearnt, linkSettings, type LinkSettings } from './describe-learnt.ts';
import { learnLink } from './learn-link.ts';
import type { Learnt } from './learnt.ts';
import { verifyNative, type NativeVerified } from './verify-native.ts';

/** A good link whose form is not the configured one. */
export interface LearntVerified extends NativeVerified {
  readonly learnt: { readonly says: string; readonly link: LinkSettings };
}

/** Refusals that another form of link may explain. */
const MAYBE_ANOTHER_FORM = ['config_invalid', 'token_invalid'];

/**
 * What the application's page would say to a link; where it is none of the configured form, the form that it has.
 * Reads only. Throws what `verifyNative` throws.
 */
export async function verifyOrLearn(
  app: App,
  given: string,
): Promise<NativeVerified | LearntVerified | undefined> {
  try {
    return await verifyNative(app, given);
  } catch (error) {
    if (!isResetError(error) || !MAYBE_ANOTHER_FORM.includes(error.code) || !/^\s*https?:/.test(given))
      throw error;
    return toVerified(app, await learnInstead(app, given, error));
  }
}

/** Where nothing can be learnt, the first refusal says more, unless there was no form to begin with. */
async function learnInstead(app: App, given: string, first: ResetError): Promise<Learnt> {
  try {
    return await learnLink(app, given);
  } catch (error) {
    const isUnconfigured = first.code === 'config_invalid' && first.details['problems'] === undefined;
    throw isResetError(error) && !isUnconfigured ? first : error;
  }
}

function toVerified(app: App, learnt: Learnt): LearntVerified {
  const { user, issuer, verdict } = learnt;
  assertResettable(user);
  const expiresAt = verdict.expiresAt * 1000;
  const says = describeLearnt(learnt);
  if (verdict.state === 'expired') {
    throw new ResetError(
      'token_expired',
      `This link expired at ${timeAndDistance(expiresAt, app.clock.now())}. ${says}`,
      { details: { expiredAt: toIso(expiresAt), link: linkSettings(app.config, learnt) } },
    );
  }
  const issuedAt = verdict.issuedAt === null ? null : verdict.issuedAt * 1000;
  const link = linkSettings(app.config, learnt);
  return { user, row: undefined, issuer: issuer.name, issuedAt, expiresAt, learnt: { says, link } };
}
