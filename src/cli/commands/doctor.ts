import { ResetError } from '../../errors.ts';
import { checkKnownPassword } from '../../flows/check-known-password.ts';
import type { Command } from '../context.ts';
import type { IdentifierOptions } from '../identifier.ts';
import { identifierFrom } from '../identifier.ts';
import { withApp } from '../open-app.ts';
import { readLine } from '../stdin.ts';

interface DoctorOptions extends IdentifierOptions {
  readonly user?: string;
  readonly passwordStdin?: boolean;
}

/** `reset doctor --user`: is a known password accepted by the stored hash? Exit 0 or 8. */
export const doctor: Command<DoctorOptions> = async (
  context,
  _args,
  { user, passwordStdin = false, ...named },
) => {
  if (user === undefined && named.id === undefined && named.username === undefined) {
    throw new ResetError(
      'usage_invalid',
      'Name a user whose password you know: reset doctor --user susan@example.com',
    );
  }
  const identifier = identifierFrom(user === undefined ? [] : [user], named);
  return withApp(context, { require: ['database'], isSetup: true }, async ({ app }) => {
    const password = passwordStdin
      ? await readLine()
      : await context.ask.password('A password that this user knows:');
    const result = await checkKnownPassword(app, identifier, password);
    const text = `the stored ${result.hashFormat} hash of ${result.email} (user ${result.userId}) accepts this password`;
    context.output.result(result, text, 'ok');
    return 0;
  });
};
