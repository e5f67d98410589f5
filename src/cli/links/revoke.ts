import { ResetError } from '../../errors.ts';
import type { RevokeResult } from '../../flows/links/revoke-tokens.ts';
import type { Command } from '../command/context.ts';
import type { OptionsOf } from '../command/define-command.ts';
import type { revokeOptions } from './declare.ts';
import { nameUser } from '../../values/name-user.ts';
import { forUser } from '../person/for-user.ts';
import { identifierFrom } from '../person/identifier.ts';
import { withApp } from '../command/open-app.ts';
import { programName } from '../../values/program-name.ts';
import { plural } from '../../values/plural.ts';

/** `reset revoke`: ends the live links of a user, or of everybody, at once. */
export const revoke: Command<OptionsOf<typeof revokeOptions>> = async (
  context,
  emails,
  { all = false, yes = false, ticket, ...named },
) => {
  if (all && (emails.length > 0 || named.id !== undefined || named.username !== undefined)) {
    throw new ResetError('usage_invalid', 'Name a user or give --all, not both.');
  }
  const target = all ? ({ all: true } as const) : identifierFrom(emails, named);
  if (all && !yes) await confirmAll(context);
  return withApp(context, { needed: ['database'] }, async ({ app, reset }) => {
    const result =
      'all' in target
        ? await reset.revoke({ ...target, ticket })
        : await forUser(context, app, target, (one) => reset.revoke({ ...one, ticket }));
    context.output.result(result, toText(result), hadNothing(result) ? 'warn' : 'ok');
    if (result.stillGood) context.output.warn(result.stillGood.message);
    if (result.userId !== undefined)
      context.output.info(`A new link: ${programName} send --id ${result.userId}`);
    return 0;
  });
};

const hadNothing = ({ revoked, unqueued, stillGood }: RevokeResult): boolean =>
  revoked === 0 && unqueued === 0 && stillGood === undefined;

function toText(result: RevokeResult): string {
  const { email, userId = '', revoked, unqueued } = result;
  const user = email === undefined ? undefined : nameUser({ email, userId });
  if (hadNothing(result))
    return user === undefined
      ? 'Nobody had a live link. Nothing changed.'
      : `${user} had no live link. Nothing changed.`;
  const queued = unqueued === 0 ? '' : `, ${plural(unqueued, 'queued mail')} will not go out`;
  return `revoked ${plural(revoked, 'live link')} of ${user ?? 'everybody'}${queued}`;
}

async function confirmAll({ ask }: Parameters<typeof revoke>[0]): Promise<void> {
  if (!ask.isPossible) throw new ResetError('usage_invalid', 'To revoke the links of everybody, add --yes.');
  if (!(await ask.confirm('Revoke the live links of everybody?', false))) {
    throw new ResetError('usage_invalid', 'Nothing was revoked.');
  }
}
