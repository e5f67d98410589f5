import { ResetError } from '../../errors.ts';
import { endAccess, planEnd, type EndRequest, type EndResult } from '../../flows/access/end-access.ts';
import { sendNotice } from '../../flows/links/send-notice.ts';
import { ACCESS_KINDS, type AccessKind } from '../../flows/access/kinds.ts';
import { nameUser } from '../../values/name-user.ts';
import { nearest } from '../../values/nearest.ts';
import { programName } from '../../values/program-name.ts';
import type { Command, Context } from '../command/context.ts';
import type { OptionsOf } from '../command/define-command.ts';
import { forUser } from '../person/for-user.ts';
import { identifierFrom } from '../person/identifier.ts';
import { withApp } from '../command/open-app.ts';
import { assertAnswerable } from '../terminal/ask.ts';
import type { accessEndOptions } from './declare.ts';
import { beyondOf, linesOf } from '../person/ended-lines.ts';

/** `reset access end`: shows what would end, asks, ends it, and mails the person. */
export const accessEnd: Command<OptionsOf<typeof accessEndOptions>> = async (
  context,
  emails,
  { what, dryRun = false, yes = false, forceProtected = false, ticket, ...named },
) => {
  const target = identifierFrom(emails, named);
  const kinds = parseKinds(what);
  assertAnswerable(context.ask, { yes, dryRun });
  return withApp(context, { needed: ['database'] }, async ({ app }) => {
    const terms = { kinds, actor: { ...app.operator, ticket }, forceProtected };
    const chosen: { request?: EndRequest } = {};
    const plan = await forUser(context, app, target, (identifier) => {
      chosen.request = { ...terms, identifier };
      return planEnd(app, chosen.request);
    });
    if (dryRun) {
      context.output.result(plan, [`would end for ${nameUser(plan)}:`, ...linesOf(plan)]);
      return 0;
    }
    if (!yes) await confirm(context, plan);
    const result = await endAccess(app, { ...terms, identifier: { id: plan.userId } });
    const notice = await sendNotice(app, result.requestId);
    context.output.result(
      { ...result, ...(notice === undefined ? {} : { notice }) },
      [`ended for ${nameUser(result)}:`, ...linesOf(result)],
      'ok',
    );
    for (const beyond of beyondOf(result)) context.output.warn(beyond);
    if (notice !== undefined) context.output.warn(notice);
    context.output.info(`What is left: ${programName} access show --id ${result.userId}`);
    return 0;
  });
};

async function confirm({ ask, output }: Context, plan: EndResult): Promise<void> {
  output.info([`${nameUser(plan)} would lose:`, ...linesOf(plan)]);
  if (await ask.confirm('End this, and mail the person?', false)) return;
  throw new ResetError('usage_invalid', 'Nothing was ended.');
}

/** `totp,session`, or `all`. Throws usage_invalid with the nearest kind. */
export function parseKinds(what: string | undefined): readonly AccessKind[] | 'all' {
  if (what === undefined)
    throw new ResetError(
      'usage_invalid',
      `Name what to end: --what all, or any of ${ACCESS_KINDS.join(', ')}.`,
    );
  const words = what.split(',').map((word) => word.trim().toLowerCase());
  if (words.length === 1 && words[0] === 'all') return 'all';
  const kinds = ACCESS_KINDS.filter((kind) => words.includes(kind));
  const wrong = words.find((word) => !ACCESS_KINDS.some((kind) => kind === word));
  if (wrong === undefined) return kinds;
  const guess = nearest(wrong, [...ACCESS_KINDS]);
  const hint = guess === undefined ? '' : ` Did you mean ${guess}?`;
  throw new ResetError(
    'usage_invalid',
    `${JSON.stringify(wrong)} is not a kind of access.${hint} Kinds: ${ACCESS_KINDS.join(', ')}, or all alone.`,
  );
}
