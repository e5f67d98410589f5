import type { App } from '../../app.ts';
import { isResetError, ResetError } from '../../errors.ts';
import type { ApplyResult } from '../../flows/links/apply-reset.ts';
import type { GoodToken } from '../../flows/links/verify-reset-token.ts';
import type { Actor } from '../../types.ts';
import type { Command, Context } from '../command/context.ts';
import type { OptionsOf } from '../command/define-command.ts';
import type { applyOptions } from './declare.ts';
import { nameUser } from '../../values/name-user.ts';
import { withMailWait } from '../person/mail-wait.ts';
import { withApp } from '../command/open-app.ts';
import { readToken } from './read-token.ts';
import type { Ask } from '../terminal/ask.ts';
import { readLine } from '../terminal/stdin.ts';
import { plural } from '../../values/plural.ts';

/** How often a password is asked for at a terminal before the command gives up. */
const TRIES = 3;

const NOTICE_WAITS = 'Stopped waiting. The password is set; the notice about it is queued.';

/** What was done, and the generated password, which nobody knows yet. */
interface Applied {
  readonly result: ApplyResult;
  readonly generated?: string;
}

/** `reset apply`: set the new password with a token. */
export const apply: Command<OptionsOf<typeof applyOptions>> = async (context, args, options) => {
  if (options.generate === true && options.passwordStdin === true) {
    throw new ResetError('usage_invalid', 'Give --generate or --password-stdin, not both.');
  }
  const pasted = await readToken(context.ask, args, options);
  return withApp(context, { needed: ['database', 'secret'] }, async ({ app }) => {
    const [{ openPastedToken }, { sendNotice }] = await Promise.all([
      import('../../flows/links/open-pasted-token.ts'),
      import('../../flows/links/send-notice.ts'),
    ]);
    const actor = { ...app.operator, ticket: options.ticket };
    const good = await openPastedToken(app, pasted, actor); // before anyone types a password in vain
    const applied = await setPassword(context, options, { app, good, actor });
    print(context, applied); // before the wait: a Ctrl-C must not swallow a generated password
    const notice = await withMailWait(context, app, NOTICE_WAITS, (onAttempt) =>
      sendNotice(app, applied.result.requestId, onAttempt),
    );
    if (notice !== undefined) context.output.warn(notice);
    return 0;
  });
};

interface Opened {
  readonly app: App;
  readonly good: GoodToken;
  readonly actor: Actor;
}

async function setPassword(
  context: Context,
  { generate, passwordStdin }: OptionsOf<typeof applyOptions>,
  { app, good, actor }: Opened,
): Promise<Applied> {
  const { applyReset } = await import('../../flows/links/apply-reset.ts');
  const use = (password: string) => applyReset(app, good, password, actor);
  if (generate === true) {
    const { generatePassword } = await import('../../flows/links/generate-password.ts');
    const generated = await generatePassword(app, good);
    return { result: await use(generated), generated };
  }
  if (passwordStdin === true) return { result: await use(await readLine()) };
  if (!context.ask.isPossible) {
    throw new ResetError(
      'usage_invalid',
      'There is no terminal to ask for the password. Use --password-stdin or --generate.',
    );
  }
  return { result: await askUntilTaken(context, await questionFor(app, good), use) };
}

/** Says whose password it is and how long it must be, before it is typed. */
async function questionFor(app: App, { user }: GoodToken): Promise<string> {
  const { describePolicy } = await import('../../flows/passwords/describe-policy.ts');
  const { minLength } = await describePolicy(app, user);
  const whose = nameUser({ userId: user.id, email: user.email });
  return `New password for ${whose}, at least ${plural(minLength, 'character')}:`;
}

/** The link stays good after a refused password, so a typo costs nothing but another try. */
async function askUntilTaken(
  { ask, output }: Context,
  question: string,
  use: (password: string) => Promise<ApplyResult>,
): Promise<ApplyResult> {
  for (let left = TRIES - 1; ; left -= 1) {
    try {
      return await use(await askTwice(ask, question));
    } catch (error) {
      if (left === 0 || !isResetError(error) || error.code !== 'password_rejected') throw error;
      output.warn(error.message.split('\n'));
    }
  }
}

async function askTwice(ask: Ask, question: string): Promise<string> {
  const password = await ask.password(question);
  if ((await ask.password('Once more:')) !== password) {
    throw new ResetError('password_rejected', 'The two passwords differ. Nothing was changed.', {
      details: { violations: [{ code: 'mismatch', message: 'The two passwords differ.' }] },
    });
  }
  return password;
}

function describeSessions(ended: number, endThemselves: boolean): string {
  if (ended > 0) return `, ${plural(ended, 'session')} ended`;
  return endThemselves ? '; sessions end by themselves' : '';
}

function print({ output }: Context, { result, generated }: Applied): void {
  const { status, userId, email, hashFormat, sessionsEnded, advice } = result;
  const sessions = describeSessions(sessionsEnded, result.sessionsEndThemselves);
  output.result(
    {
      status,
      userId,
      email,
      hashFormat,
      sessionsEnded,
      ...(generated !== undefined && { password: generated }),
    },
    [
      `new password for ${nameUser(result)}, written as ${hashFormat}${sessions}`,
      ...(generated === undefined ? [] : [`  password: ${generated}`]),
    ],
    'ok',
  );
  for (const line of advice) output.info(line);
}
