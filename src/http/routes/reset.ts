import type { FastifyInstance } from 'fastify';
import type { App } from '../../app.ts';
import { describePolicy } from '../../flows/passwords/describe-policy.ts';
import { createTokenReader } from '../../flows/visitors/token-reader.ts';
import { openToken } from '../../flows/links/verify-reset-token.ts';
import type { Actor } from '../../types.ts';
import { ADDRESS_LIMITS, addressOf } from '../limits.ts';
import { counter, GUESSED, sendForm, setPassword, SPENT, type PasswordGate } from '../new-password.ts';
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
    return sendForm(pages, request, reply, { user, policy, violations: [], formAction: '?' });
  });

  scope.get(DONE, (request, reply) => pages.send(request, reply, 'done', { loginUrl: app.config.loginUrl }));
}

/** Set the new password. Nobody is logged in afterwards (R27). */
export function addResetAction(
  scope: FastifyInstance,
  { app, pages, pathTo, gate }: ResetRouteOptions & { readonly gate: PasswordGate },
): void {
  const countGuess = counter(scope, ADDRESS_LIMITS.guesses, GUESSED);
  const countSpent = counter(scope, ADDRESS_LIMITS.spent, SPENT);

  scope.post<ResetRequest>(RESET, { schema: { body } }, (request, reply) =>
    gate.admit(async () => {
      const actor: Actor = { kind: 'web', name: addressOf(request) };
      // Counted before anything is written into the audit, which a flood of guesses would fill.
      const good = await openToken(app, request.params.token, actor, async (error) => {
        await countGuess(request, error);
        await countSpent(request, error);
      });
      const violations = await setPassword(app, good, request.body, { actor, refused: gate.refused });
      if (violations === undefined) return reply.redirect(pathTo(DONE), 303);
      const policy = await describePolicy(app, good.user);
      return sendForm(pages, request, reply, { user: good.user, policy, violations, formAction: '?' });
    }),
  );
}
