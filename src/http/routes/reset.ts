import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../../app.ts';
import { detailsOf, isResetError, type ErrorCode } from '../../errors.ts';
import { applyReset } from '../../flows/links/apply-reset.ts';
import { checkNewPassword } from '../../flows/passwords/check-new-password.ts';
import { describePolicy, type PolicyFacts } from '../../flows/passwords/describe-policy.ts';
import { createTokenReader } from '../../flows/visitors/token-reader.ts';
import { openToken, type GoodToken } from '../../flows/links/verify-reset-token.ts';
import type { PageViolation } from '../../render/pages.ts';
import type { Actor, User } from '../../types.ts';
import { createAdmission } from '../admission.ts';
import { ADDRESS_LIMITS, addressOf, tooMany } from '../limits.ts';
import type { Pages } from '../pages.ts';
import { RESET_PATH } from '../../values/page-paths.ts';

export interface ResetRouteOptions {
  readonly app: App;
  readonly pages: Pages;
  readonly pathTo: (path: string) => string;
}

interface ResetRequest {
  Params: { token: string };
  Body: { password: string; password2: string };
}

const RESET = `${RESET_PATH}/:token`;
const DONE = `${RESET_PATH}/done`;

// The user is the token's (R25): a body that names another is refused whole. Length is the policy's business.
const body = {
  type: 'object',
  additionalProperties: false,
  required: ['password', 'password2'],
  properties: { password: { type: 'string' }, password2: { type: 'string' } },
} as const;

/** Look at a link and at the page after it: nothing here changes anything, however often it is called (R28). */
export function addResetPages(scope: FastifyInstance, { app, pages }: ResetRouteOptions): void {
  const countGuess = counter(scope, ADDRESS_LIMITS.guesses, GUESSED);
  const reader = createTokenReader(app);

  scope.get<Pick<ResetRequest, 'Params'>>(RESET, async (request, reply) => {
    const { user, policy } = await reader.verify(request.params.token).catch(async (error: unknown) => {
      await countGuess(request, error);
      throw error;
    });
    return sendForm(pages, request, reply, { user, policy, violations: [] });
  });

  scope.get(DONE, (request, reply) => pages.send(request, reply, 'done', { loginUrl: app.config.loginUrl }));
}

/** Set the new password. Nobody is logged in afterwards (R27). */
export function addResetAction(scope: FastifyInstance, { app, pages, pathTo }: ResetRouteOptions): void {
  const countGuess = counter(scope, ADDRESS_LIMITS.guesses, GUESSED);
  const countSpent = counter(scope, ADDRESS_LIMITS.spent, SPENT);
  const admit = createAdmission();

  scope.post<ResetRequest>(RESET, { schema: { body } }, (request, reply) =>
    admit(async () => {
      const actor: Actor = { kind: 'web', name: addressOf(request) };
      // Counted before anything is written into the audit, which a flood of guesses would fill.
      const good = await openToken(app, request.params.token, actor, async (error) => {
        await countGuess(request, error);
        await countSpent(request, error);
      });
      const violations = await setPassword(app, good, request.body, actor);
      if (violations === undefined) return reply.redirect(pathTo(DONE), 303);
      const policy = await describePolicy(app, good.user);
      return sendForm(pages, request, reply, { user: good.user, policy, violations });
    }),
  );
}

/** Undefined when done, else what is wrong with the password. Throws for what is wrong with the link. */
async function setPassword(
  app: App,
  good: GoodToken,
  { password, password2 }: ResetRequest['Body'],
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
}

function sendForm(
  pages: Pages,
  request: FastifyRequest,
  reply: FastifyReply,
  { user, policy, violations }: Form,
): FastifyReply {
  // "?" is the page's own address: the token stands in it once, and not in the page as well.
  const data = { formAction: '?', email: user.email, ...policy, violations };
  return pages.send(request, reply, 'reset', data, violations.length === 0 ? 200 : 422);
}

const GUESSED: readonly ErrorCode[] = ['token_invalid'];
const SPENT: readonly ErrorCode[] = ['token_used', 'token_revoked', 'token_expired'];

/**
 * R51: who tries links that are not ours, or dead ones again and again, is stopped, by network address. A link that is
 * good is never counted and never stopped, so that a stranger in the same network can't keep a person from using it.
 */
function counter(
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
