import { ResetError } from '../../errors.ts';
import type { Command } from '../context.ts';
import type { OptionsOf } from '../define-command.ts';
import type { revokeOptions } from './declare.ts';
import { nameUser } from '../../values/name-user.ts';
import { identifierFrom } from '../identifier.ts';
import { withApp } from '../open-app.ts';
import { programName } from '../../values/program-name.ts';
import { plural } from '../../values/plural.ts';

/** `reset revoke`: live links of a user, or of everybody, die at once. */
export const revoke: Command<OptionsOf<typeof revokeOptions>> = async (
  context,
  emails,
  { all = false, yes = false, ticket, ...named },
) => {
  if (all && (emails.length > 0 || named.id !== undefined || named.username !== undefined)) {
    throw new ResetError('usage_invalid', 'Name a user or give --all, not both.');
  }
  const whom = all ? ({ all: true } as const) : identifierFrom(emails, named);
  if (all && !yes) await confirmAll(context);
  return withApp(context, { require: ['database'] }, async ({ reset }) => {
    const result = await reset.revoke({ ...whom, ticket });
    const who =
      result.email === undefined
        ? 'everybody'
        : nameUser({ email: result.email, userId: result.userId ?? '' });
    const links = result.revoked === 1 ? '1 live link' : `${result.revoked} live links`;
    const queued = result.unqueued === 0 ? '' : `, ${plural(result.unqueued, 'queued mail')} will not go out`;
    context.output.result(result, `revoked ${links} of ${who}${queued}`, 'ok');
    if (result.stillGood) context.output.warn(result.stillGood.message);
    if (result.userId !== undefined)
      context.output.info(`A new link: ${programName} send --id ${result.userId}`);
    return 0;
  });
};

async function confirmAll({ ask }: Parameters<typeof revoke>[0]): Promise<void> {
  if (!ask.isPossible) throw new ResetError('usage_invalid', 'To revoke the links of everybody, add --yes.');
  if (!(await ask.confirm('Revoke the live links of everybody?', false))) {
    throw new ResetError('usage_invalid', 'Nothing was revoked.');
  }
}
