import type { App } from '../../app.ts';
import { ResetError } from '../../errors.ts';
import { planRequire, requireChange, type RequireResult } from '../../flows/access/require-change.ts';
import { sendNotice } from '../../flows/links/send-notice.ts';
import { nameUser } from '../../values/name-user.ts';
import type { Command, Context } from '../command/context.ts';
import type { OptionsOf } from '../command/define-command.ts';
import { withApp } from '../command/open-app.ts';
import { forUser } from '../person/for-user.ts';
import { identifierFrom } from '../person/identifier.ts';
import { assertAnswerable } from '../terminal/ask.ts';
import type { requireOptions } from './declare.ts';

export type RequireOptions = OptionsOf<typeof requireOptions>;

/** `reset require`: one person, who gets a mail about it, or many, page by page. */
export const requireNew: Command<RequireOptions> = async (context, emails, options) => {
  assertAnswerable(context.ask, options);
  const { all = false, where, except, expect, id, username } = options;
  const isMany = all || where.length > 0;
  const isNamed = emails.length > 0 || id !== undefined || username !== undefined;
  if (isMany && isNamed)
    throw new ResetError('usage_invalid', 'Name one user, or choose several by --all or --where: not both.');
  if (isMany) return (await import('./require-many.ts')).requireOfMany(context, options);
  if (except.length > 0 || expect !== undefined)
    throw new ResetError('usage_invalid', '--except and --expect go with --all or --where.');
  return withApp(context, { needed: ['database'] }, ({ app }) => ofOne(context, app, emails, options));
};

async function ofOne(
  context: Context,
  app: App,
  emails: readonly string[],
  { undo = false, dryRun = false, yes = false, forceProtected = false, ticket, ...named }: RequireOptions,
): Promise<number> {
  const terms = { isUndo: undo, actor: { ...app.operator, ticket }, forceProtected };
  const plan = await forUser(context, app, identifierFrom(emails, named), (identifier) =>
    planRequire(app, { ...terms, identifier }),
  );
  if (dryRun) {
    context.output.result(plan, sentence(plan, undo, 'would'));
    return 0;
  }
  if (!yes) await confirm(context, plan, undo);
  const result = await requireChange(app, { ...terms, identifier: { id: plan.userId } });
  const notice = await sendNotice(app, result.requestId);
  context.output.result(
    { ...result, ...(notice === undefined ? {} : { notice }) },
    sentence(result, undo, 'now'),
    'ok',
  );
  if (notice !== undefined) context.output.warn(notice);
  return 0;
}

function sentence(result: RequireResult, isUndo: boolean, when: 'would' | 'now'): string {
  const who = nameUser(result);
  if (isUndo)
    return when === 'would'
      ? `${who} would no longer have to choose a new password.`
      : `${who} no longer has to choose a new password.`;
  const must = when === 'would' ? 'would have to' : 'must';
  return `${who} ${must} choose a new password at the next login.`;
}

async function confirm({ ask, output }: Context, plan: RequireResult, isUndo: boolean): Promise<void> {
  output.info(sentence(plan, isUndo, 'would'));
  if (await ask.confirm('Do this, and mail the person?', false)) return;
  throw new ResetError('usage_invalid', 'Nothing was changed.');
}
