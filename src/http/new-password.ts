import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../app.ts';
import { detailsOf, isResetError, type ErrorCode } from '../errors.ts';
import { applyReset } from '../flows/links/apply-reset.ts';
import type { GoodToken } from '../flows/links/verify-reset-token.ts';
import { checkNewPassword } from '../flows/passwords/check-new-password.ts';
import type { PolicyFacts } from '../flows/passwords/describe-policy.ts';
import type { PageViolation } from '../render/pages.ts';
import type { Actor, User } from '../types.ts';
import { createAdmission, type Admission } from './admission.ts';
import { REFUSED_LIMIT, tooMany, type ADDRESS_LIMITS } from './limits.ts';
import type { Pages } from './pages.ts';
import { createWindow, type Window } from './window.ts';

interface Typed {
  readonly password: string;
  readonly password2: string;
}

/** What the routes for a new password share: how many are admitted at a time, and how often each link was refused. */
export interface PasswordGate {
  readonly admit: Admission;
  readonly refused: Window;
}

export const createPasswordGate = (): PasswordGate => ({
  admit: createAdmission(),
  refused: createWindow(REFUSED_LIMIT.max, REFUSED_LIMIT.ms),
});

/**
 * Undefined when done, else what is wrong with the password. Throws for what is wrong with the token, and throttled for
 * a link with which hundreds were tried: before they are looked at, or refusing them would cost as much as before.
 */
export async function setPassword(
  app: App,
  good: GoodToken,
  typed: Typed,
  { actor, refused }: { readonly actor: Actor; readonly refused: Window },
): Promise<readonly PageViolation[] | undefined> {
  const { requestId } = good.row;
  const waitMs = refused.ask(requestId);
  if (waitMs !== undefined) throw tooMany(waitMs);
  const violations = await tryPassword(app, good, typed, actor);
  if (violations !== undefined) refused.count(requestId);
  return violations;
}

async function tryPassword(
  app: App,
  good: GoodToken,
  { password, password2 }: Typed,
  actor: Actor,
): Promise<readonly PageViolation[] | undefined> {
  if (password !== password2) {
    const { violations } = await checkNewPassword(app, good.user, password);
    return [...violations, { code: 'mismatch' }];
  }
  try {
    await applyReset(app, good, password, actor);
    return undefined;
  } catch (error) {
    if (!isResetError(error) || error.code !== 'password_rejected') throw error;
    return detailsOf(error, 'password_rejected').violations ?? [];
  }
}

interface Form {
  readonly user: User;
  readonly policy: PolicyFacts;
  readonly violations: readonly PageViolation[];
  /** where it is sent; "?" is the page's own address, in which the token stands already */
  readonly formAction: string;
  /** where the address has none */
  readonly token?: string;
}

/** The form for the new password, with what is wrong with the last one. */
export function sendForm(
  pages: Pages,
  request: FastifyRequest,
  reply: FastifyReply,
  { user, policy, ...form }: Form,
): FastifyReply {
  const email = user.email.trim() === '' ? (user.username ?? '') : user.email;
  const data = { email, ...policy, ...form };
  return pages.send(request, reply, 'reset', data, form.violations.length === 0 ? 200 : 422);
}

export const GUESSED: readonly ErrorCode[] = ['token_invalid'];
export const SPENT: readonly ErrorCode[] = ['token_used', 'token_revoked', 'token_expired'];

/**
 * R51: who tries links that are not ours, or dead ones again and again, is stopped, by network address. A link that is
 * good is never counted and never stopped, so that a stranger in the same network can't keep a person from using it.
 */
export function counter(
  scope: FastifyInstance,
  limit: (typeof ADDRESS_LIMITS)[keyof typeof ADDRESS_LIMITS],
  codes: readonly ErrorCode[],
) {
  const count = scope.createRateLimit(limit);
  return async (request: FastifyRequest, error: unknown): Promise<void> => {
    if (!isResetError(error) || !codes.includes(error.code)) return;
    const counted = await count(request);
    if (!counted.isAllowed && counted.isExceeded) throw tooMany(counted.ttl);
  };
}
