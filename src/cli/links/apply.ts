import type { App } from '../../app.ts';
import { ResetError } from '../../errors.ts';
import type { Command, Context } from '../context.ts';
import type { OptionsOf } from '../define-command.ts';
import type { applyOptions } from './declare.ts';
import { nameUser } from '../../values/name-user.ts';
import { withApp } from '../open-app.ts';
import { readToken } from './read-token.ts';
import { readLine } from '../terminal/stdin.ts';
import { plural } from '../../values/plural.ts';

/** `reset apply`: set the new password with a token. */
export const apply: Command<OptionsOf<typeof applyOptions>> = async (context, args, options) => {
  if (options.generate === true && options.passwordStdin === true) {
    throw new ResetError('usage_invalid', 'Give --generate or --password-stdin, not both.');
  }
  const token = await readToken(args, options);
  return withApp(context, { require: ['database', 'secret'] }, async ({ app, reset }) => {
    await checkToken(app, token, options); // before anybody types a password for nothing
    const password = await readPassword(context, options, async () => {
      const { generatePassword } = await import('../../flows/links/generate-password.ts');
      return generatePassword(app, token);
    });
    const result = await reset.apply({ token, password, ticket: options.ticket });
    const { status, userId, email, hashFormat, sessionsEnded } = result;
    const generated = options.generate === true ? { password } : {};
    const sessions = result.sessionsEnded === 0 ? '' : `, ${plural(result.sessionsEnded, 'session')} ended`;
    context.output.result(
      { status, userId, email, hashFormat, sessionsEnded, ...generated },
      `new password for ${nameUser(result)}, written as ${result.hashFormat}${sessions}` +
        (options.generate === true ? `\n  password: ${password}` : ''),
      'ok',
    );
    for (const line of result.advice) context.output.info(line);
    if (result.notice !== undefined) context.output.warn(result.notice);
    return 0;
  });
};

async function checkToken(
  app: App,
  token: string,
  { ticket }: OptionsOf<typeof applyOptions>,
): Promise<void> {
  const { verifyForUse } = await import('../../flows/links/verify-reset-token.ts');
  await verifyForUse(app, token, { ...app.operator, ticket });
}

async function readPassword(
  { ask }: Context,
  { passwordStdin, generate }: OptionsOf<typeof applyOptions>,
  makePassword: () => Promise<string>,
): Promise<string> {
  if (generate === true) return makePassword();
  if (passwordStdin === true) return readLine();
  if (!ask.isPossible) {
    throw new ResetError(
      'usage_invalid',
      'There is no terminal to ask for the password. Use --password-stdin or --generate.',
    );
  }
  const password = await ask.password('New password:');
  if ((await ask.password('Once more:')) !== password) {
    throw new ResetError('password_rejected', 'The two passwords differ. Nothing was changed.', {
      details: { violations: [{ code: 'mismatch', message: 'The two passwords differ.' }] },
    });
  }
  return password;
}
