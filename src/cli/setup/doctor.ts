import { createApp } from '../../app.ts';
import { isUnconfigured, type Inspected } from '../../config/load.ts';
import { UNCONFIGURED } from '../../config/problem.ts';
import { systemClock } from '../../create-reset.ts';
import { ERRORS } from '../../errors.ts';
import { EXIT } from '../terminal/exit.ts';
import { checkKnownPassword } from '../../flows/passwords/check-known-password.ts';
import type { Finding } from '../../flows/checks/check-setup.ts';
import { checkSetup } from '../../flows/checks/check-setup.ts';
import type { Command, Context } from '../command/context.ts';
import type { OptionsOf } from '../command/define-command.ts';
import type { doctorOptions } from './declare.ts';
import { identifierFrom } from '../person/identifier.ts';
import { inspectSetup, openLog, withApp } from '../command/open-app.ts';
import { plural } from '../../values/plural.ts';
import type { Mark } from '../terminal/output.ts';
import { readLine } from '../terminal/stdin.ts';

/** `reset doctor`: exit 3 when anything fails. With a user, only this: is a known password accepted? Exit 0 or 8. */
export const doctor: Command<OptionsOf<typeof doctorOptions>> = async (context, _args, options) => {
  const { user, id, username } = options;
  if (user !== undefined || id !== undefined || username !== undefined) return checkUser(context, options);
  const first = await examine(context, options, { isSilent: options.fix === true });
  if (options.fix !== true) return exitOf(first);
  for (const { check, fix } of first) {
    if (fix === undefined) continue;
    await fix.run(async () => open(context, await inspectSetup(context)));
    context.output.info(`fixed ${check}: ${fix.done}`);
  }
  return exitOf(await examine(context, options, { isSilent: false }));
};

const exitOf = (findings: readonly Finding[]): number =>
  findings.some(({ status }) => status === 'failure') ? ERRORS.config_invalid.exit : EXIT.done;

async function examine(
  context: Context,
  { online = false, to }: OptionsOf<typeof doctorOptions>,
  { isSilent }: { readonly isSilent: boolean },
): Promise<Finding[]> {
  const inspected = await inspectSetup(context);
  if (!isSilent && isUnconfigured(inspected)) context.output.warn(UNCONFIGURED);
  const findings: Finding[] = [];
  const setup = {
    inspected,
    clock: systemClock,
    isOnline: online,
    recipient: to,
    open: () => open(context, inspected),
  };
  for await (const finding of checkSetup(setup)) {
    findings.push(finding);
    if (!isSilent) printFinding(context, finding);
  }
  if (!isSilent) context.output.info(sumUp(findings));
  return findings;
}

/** The last line says whether anything is left to do. */
function sumUp(findings: readonly Finding[]): string {
  const count = (status: Finding['status']) => findings.filter((each) => each.status === status).length;
  const [failures, warnings] = [count('failure'), count('warning')];
  if (failures + warnings === 0) return `All ${findings.length} checks passed.`;
  const parts = [
    ...(failures > 0 ? [plural(failures, 'problem')] : ['nothing is broken']),
    ...(warnings > 0 ? [plural(warnings, 'warning')] : []),
  ];
  return `${plural(findings.length, 'check')}: ${parts.join(', ')}.`;
}

const open = (context: Context, { config }: Inspected) =>
  createApp(config, { clock: systemClock, log: openLog(context), isSetup: true, mayCreate: false });

const MARKS: Readonly<Record<Finding['status'], Mark>> = { ok: 'ok', warning: 'warn', failure: 'bad' };

function printFinding(
  { output, verbose }: Context,
  { check, code, status, message, remedy, details, fix }: Finding,
): void {
  const row = { check, code, status, message, remedy, details, fixable: fix !== undefined };
  const lines = [
    ...`${check}: ${message}`.split('\n'),
    ...(remedy === undefined ? [] : remedy.split('\n').map((line) => `    → ${line}`)),
    ...(verbose && Array.isArray(details?.['grants'])
      ? details['grants'].map((grant) => `    ${String(grant)}`)
      : []),
  ];
  output.result(row, lines, MARKS[status]);
}

async function checkUser(
  context: Context,
  { user, passwordStdin = false, id, username }: OptionsOf<typeof doctorOptions>,
): Promise<number> {
  const named = { ...(id === undefined ? {} : { id }), ...(username === undefined ? {} : { username }) };
  const identifier = identifierFrom(user === undefined ? [] : [user], named);
  return withApp(context, { needed: ['database'], isSetup: true, mayCreate: false }, async ({ app }) => {
    const password = passwordStdin
      ? await readLine()
      : await context.ask.password('A password that this user knows:');
    const result = await checkKnownPassword(app, identifier, password);
    const text = `the stored ${result.hashFormat} hash of ${result.email} (user ${result.userId}) accepts this password`;
    context.output.result(result, text, 'ok');
    return 0;
  });
}
