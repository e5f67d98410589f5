import { showAccess, type AccessView } from '../../flows/access/show-access.ts';
import type { AccessItem } from '../../flows/access/survey.ts';
import { localTime } from '../../values/instant.ts';
import { nameUser } from '../../values/name-user.ts';
import { programName } from '../../values/program-name.ts';
import { wrapWords } from '../terminal/wrap-words.ts';
import type { Command } from '../command/context.ts';
import type { OptionsOf } from '../command/define-command.ts';
import { forUser } from '../person/for-user.ts';
import { identifierFrom } from '../person/identifier.ts';
import { withApp } from '../command/open-app.ts';
import type { accessShowOptions } from './declare.ts';
import { describeItem } from '../person/describe-item.ts';

/** `reset access show`: what opens an account, on one screen. */
export const accessShow: Command<OptionsOf<typeof accessShowOptions>> = async (context, emails, named) => {
  const identifier = identifierFrom(emails, named);
  return withApp(context, { needed: ['database'] }, async ({ app }) => {
    const view = await forUser(context, app, identifier, (one) => showAccess(app, one));
    context.output.result(view, toText(view, app.clock.now()));
    const there = [...new Set(view.access.filter(isThere).map(({ kind }) => kind))];
    if (there.length > 0)
      context.output.info(`End some: ${programName} access end --id ${view.userId} --what ${there[0] ?? ''}`);
    return 0;
  });
};

const isThere = ({ count }: AccessItem): boolean => count > 0;

function toText(view: AccessView, now: number): string[] {
  const { access, sessionsEndWithHash, beyond, isActive } = view;
  const there = access.filter(isThere);
  const none = [...new Set(access.filter((item) => !isThere(item)).map(({ kind }) => kind))].filter(
    (kind) => !there.some((item) => item.kind === kind),
  );
  return [
    `${nameUser(view)}, ${isActive ? 'active' : 'not active'}`,
    `  password: ${passwordText(view, now)}`,
    ...there.flatMap((item) => wrapped(itemLine(item, now))),
    ...(sessionsEndWithHash ? ['  sessions: not counted here; the application ends them with a reset'] : []),
    ...(none.length === 0 ? [] : wrapped(`none of: ${none.join(', ')}`)),
    ...beyond.flatMap((line) => wrapped(`not seen here: ${line}`)),
  ];
}

const wrapped = (text: string): string[] => wrapWords(`  ${text}`, 78, '    ');

function passwordText({ password: { isThere: has, format, changedAt } }: AccessView, now: number): string {
  if (!has) return 'none';
  const since = changedAt === null ? '' : `, since ${localTime(changedAt, now)}`;
  return `${format ?? 'in an unknown format'}${since}`;
}

function itemLine(item: AccessItem, now: number): string {
  const since = item.since === null ? '' : `, since ${localTime(item.since, now)}`;
  const afterwards = item.endsWithReset ? 'ends with a reset' : 'survives a reset';
  return `${describeItem(item)}${since}: ${afterwards}`;
}
