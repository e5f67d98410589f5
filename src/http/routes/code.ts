import { randomBytes } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../../app.ts';
import { isResetError } from '../../errors.ts';
import { openToken } from '../../flows/links/verify-reset-token.ts';
import { describePolicy } from '../../flows/passwords/describe-policy.ts';
import { exchangeCode } from '../../flows/visitors/exchange-code.ts';
import type { Actor } from '../../types.ts';
import { networkOf } from '../../values/network.ts';
import { CODE_PASSWORD_PATH, CODE_PATH, REQUEST_PATH, RESET_PATH } from '../../values/page-paths.ts';
import { createAdmission } from '../admission.ts';
import { holdBack, pauseAtRandom } from '../hold-back.ts';
import { ADDRESS_LIMITS, addressOf, tooMany, WIDE_LIMITS } from '../limits.ts';
import { counter, GUESSED, sendForm, setPassword, SPENT, type PasswordGate } from '../new-password.ts';
import type { Pages } from '../pages.ts';
import { createWindow } from '../window.ts';

export interface CodeRouteOptions {
  readonly app: App;
  readonly pages: Pages;
  readonly pathTo: (path: string) => string;
}

interface TypedForm {
  email: string;
  code: string;
  form?: string;
}

interface PasswordForm {
  token: string;
  password: string;
  password2: string;
}

const text = (maxLength: number) => ({ type: 'string', maxLength, pattern: '^[^\\u0000]*$' }) as const;

const typedBody = {
  type: 'object',
  additionalProperties: false,
  required: ['email', 'code'],
  properties: { email: text(254), code: text(100), form: text(64) },
} as const;

const passwordBody = {
  type: 'object',
  additionalProperties: false,
  required: ['token', 'password', 'password2'],
  properties: { token: { type: 'string' }, password: { type: 'string' }, password2: { type: 'string' } },
} as const;

/** Typed codes that are looked up at a time. */
const MAX_LOOKED_UP = 500;

/**
 * Type a code that somebody read aloud, or that came in a mail. Whatever is wrong with it, the answer is the same in
 * words and time (R99). A right one brings the form for the password, with a token in it: never in an address.
 */
export function addCodeRoutes(scope: FastifyInstance, options: CodeRouteOptions): void {
  const { app, pages, pathTo } = options;
  const ofSlash48 = createWindow(WIDE_LIMITS.ofSlash48, WIDE_LIMITS.ms);
  const ofEverybody = createWindow(WIDE_LIMITS.ofEverybody, WIDE_LIMITS.ms);
  const admit = createAdmission(MAX_LOOKED_UP);

  scope.get(CODE_PATH, (request, reply) => sendCodePage(options, request, reply, {}));
  // Where somebody lands who reloads the address of the second form.
  scope.get(CODE_PASSWORD_PATH, (_request, reply) => reply.redirect(pathTo(CODE_PATH), 303));

  scope.post<{ Body: TypedForm }>(
    CODE_PATH,
    { schema: { body: typedBody }, config: { rateLimit: ADDRESS_LIMITS.codes }, onSend: holdBack },
    (request, reply) =>
      admit(async () => {
        const ip = addressOf(request);
        const waitMs = (isIPv6(ip) ? ofSlash48.count(networkOf(ip, 48)) : undefined) ?? ofEverybody.count('');
        if (waitMs !== undefined) throw tooMany(waitMs);
        await pauseAtRandom();
        const { email, code, form } = request.body;
        try {
          const { user, token } = await exchangeCode(app, { account: email, code, form }, actorOf(request));
          const policy = await describePolicy(app, user);
          const formAction = pathTo(CODE_PASSWORD_PATH);
          return await sendForm(pages, request, reply, { user, policy, violations: [], formAction, token });
        } catch (error) {
          if (!isResetError(error) || error.code !== 'code_invalid') throw error;
          logRefusal(app, request, error.details['reason']);
          return sendCodePage(options, request, reply, { email, form });
        }
      }),
  );
}

/** Set the new password with the token that a code was exchanged for. Nobody is logged in afterwards (R27). */
export function addCodeAction(
  scope: FastifyInstance,
  options: CodeRouteOptions & { readonly gate: PasswordGate },
): void {
  const { app, pages, pathTo, gate } = options;
  const countGuess = counter(scope, ADDRESS_LIMITS.guesses, GUESSED);
  const countSpent = counter(scope, ADDRESS_LIMITS.spent, SPENT);
  const formAction = pathTo(CODE_PASSWORD_PATH);

  scope.post<{ Body: PasswordForm }>(
    CODE_PASSWORD_PATH,
    { schema: { body: passwordBody } },
    (request, reply) =>
      gate.admit(async () => {
        const actor = actorOf(request);
        const { token } = request.body;
        try {
          const good = await openToken(app, token, actor, async (error) => {
            await countGuess(request, error);
            await countSpent(request, error);
          });
          const violations = await setPassword(app, good, request.body, { actor, refused: gate.refused });
          if (violations === undefined) return await reply.redirect(pathTo(`${RESET_PATH}/done`), 303);
          const policy = await describePolicy(app, good.user);
          const { user } = good;
          return await sendForm(pages, request, reply, { user, policy, violations, formAction, token });
        } catch (error) {
          // People who have typed a code know of no link.
          if (!isResetError(error) || !/^(?:token|user)_/.test(error.code)) throw error;
          logRefusal(app, request, error.code);
          return sendCodePage(options, request, reply, { email: '' });
        }
      }),
  );
}

const actorOf = (request: FastifyRequest): Actor => ({ kind: 'web', name: addressOf(request) });

/** The form for a code; after a refusal with the typed address in it, so that only the code is typed again. */
function sendCodePage(
  { pages, pathTo }: CodeRouteOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  typed: { readonly email?: string; readonly form?: string | undefined },
): FastifyReply {
  const { email, form: formId = randomBytes(16).toString('base64url') } = typed;
  const isRefused = email !== undefined;
  const form = { formId, email: email ?? '', isRefused };
  const paths = { formAction: pathTo(CODE_PATH), requestPath: pathTo(REQUEST_PATH) };
  return pages.send(request, reply, 'code', { ...paths, ...form }, isRefused ? 400 : 200);
}

function logRefusal({ log }: App, { id }: FastifyRequest, reason: unknown): void {
  log.info('http_refused', { requestId: id, code: 'code_invalid', reason });
}
