import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { systemClock } from '../../create-reset.ts';
import { ResetError } from '../../errors.ts';
import { checkMail } from '../../flows/checks/check-mail.ts';
import type { Finding } from '../../flows/checks/finding.ts';
import { CONFIG_NAME, writeProject, type WrittenProject } from '../../flows/setup/init-project.ts';
import { migrateDatabase } from '../../flows/setup/migrate-database.ts';
import type { Command, Context } from '../command/context.ts';
import type { OptionsOf } from '../command/define-command.ts';
import type { initOptions } from './declare.ts';
import { ledgerFile, settleLedger } from './init-ledger.ts';
import { addSample, learnSample, originOf } from './init-sample.ts';
import { chooseUsers } from './init-users.ts';
import { createSettings, type Settings } from './init-settings.ts';
import { usersFrom } from './users-flags.ts';
import { openConfig, TO_SEND, withApp } from '../command/open-app.ts';
import { programName } from '../../values/program-name.ts';
import { plural } from '../../values/plural.ts';

/** `reset init`: from a database to a set-up that can send, by questions or by flags. */
export const init: Command<OptionsOf<typeof initOptions>> = async (
  context,
  _args,
  { yes = false, force = false, sampleLink, ...named },
) => {
  const isAsking = context.ask.isPossible && !yes;
  if (sampleLink !== undefined && !force && existsSync(CONFIG_NAME)) return addSample(context, sampleLink);
  await allowOverwriting(context, { isAsking, force });
  const settings = await createSettings(context, isAsking);
  const { output } = context;
  const users = await chooseUsers(context, settings, { given: usersFrom(named), isAsking });
  await settleLedger(context, settings, isAsking);
  const proposal = originOf(sampleLink) ?? `http://127.0.0.1:8025`;
  await settings.settle('baseUrl', 'Address that links begin with:', proposal);
  if (isAsking)
    await settings.settle('appName', 'Name of the application, as people know it:', nameProposal(settings));
  await settleMail(context, settings, isAsking);

  const { written, keyFile } = await writeFiles(context, settings, users);
  const { appSecretFile } = context.flags;
  const { applied, usersTable, place, preset, learnt } = await withApp(
    { ...context, flags: { appSecretFile }, file: undefined },
    { needed: TO_SEND, isSetup: true },
    async ({ app }) => ({
      ...(await migrateDatabase(app)),
      preset: app.config.users.preset,
      learnt: await learnSample(context, app, sampleLink),
    }),
  );
  // A table that was just created has no users.
  const next =
    usersTable === 'created' ? NEXT.toSpliced(1, 0, `${programName} user add you@example.com`) : NEXT;
  output.result(
    { config: written.configFile, key: keyFile, preset, applied, usersTable, next, ...learnt },
    [
      `Ready: ${preset}, ${plural(applied.length, 'migration')} applied in ${place}. Next:`,
      ...next.map((line) => `  ${line}`),
    ],
    'ok',
  );
  return 0;
};

/** The config file and the key, with a line for each file that was written or changed. */
async function writeFiles(
  { output }: Context,
  settings: Settings,
  users: Readonly<Record<string, unknown>>,
): Promise<{ written: WrittenProject; keyFile: string | undefined }> {
  const keyFile = settings.isInEnvironment('secret')
    ? undefined
    : resolve(settings.toWrite('secretFile') ?? 'reset.key');
  const written = await writeProject(process.cwd(), {
    database: settings.toWrite('database'),
    ledger: settings.toWrite('ledger'),
    ledgerFile: ledgerFile(settings),
    users,
    baseUrl: settings.toWrite('baseUrl'),
    appName: settings.toWrite('appName'),
    keyFile,
    mail: { url: settings.toWrite('mail.url'), from: settings.toWrite('mail.from') },
  });
  output.info(`Wrote ${written.configFile}`);
  if (keyFile !== undefined)
    output.info(written.isNewKey ? `Created the key ${keyFile}` : `Using the key ${keyFile}`);
  for (const line of written.ignored) output.info(`Added ${line} to .gitignore`);
  return { written, keyFile };
}

/** What mails and pages would say by default. */
function nameProposal(settings: Settings): string {
  const url = settings.toWrite('baseUrl') ?? '';
  return URL.canParse(url) ? new URL(url).hostname : 'Example';
}

const NEXT: readonly string[] = [
  `${programName} doctor`,
  `${programName} send you@example.com`,
  `${programName} serve`,
];

async function allowOverwriting(
  { ask }: Context,
  { isAsking, force }: { isAsking: boolean; force: boolean },
): Promise<void> {
  if (force || !existsSync(CONFIG_NAME)) return;
  if (isAsking && (await ask.confirm(`${CONFIG_NAME} already exists. Overwrite it?`, false))) return;
  throw new ResetError(
    'usage_invalid',
    `${CONFIG_NAME} already exists and was left alone. To overwrite it: ${programName} init --force`,
  );
}

/** Asked again until the server accepts it, or the operator wants to use it anyway. */
async function settleMail(context: Context, settings: Settings, isAsking: boolean): Promise<void> {
  const { output, ask } = context;
  for (;;) {
    await settings.settle('mail.url', 'Mail server (smtp://…, or file:DIR to try it out):', 'file:mailbox');
    await settings.settle('mail.from', 'Sender of the mails:', `noreply@${settings.host()}`);
    const findings = await tryMail(context, settings);
    const failed = findings.filter(({ status }) => status === 'failure');
    for (const { message, remedy } of findings)
      output.info([`  ${message}`, ...(remedy === undefined ? [] : [`    → ${remedy}`])]);
    if (failed.length === 0) return;
    if (!isAsking) {
      output.warn(
        `The mail server does not accept mails yet. It was saved as given; check again with: ${programName} doctor`,
      );
      return;
    }
    if (await ask.confirm('Use this mail server anyway?', false)) return;
    settings.forget('mail.url');
    settings.forget('mail.from');
  }
}

async function tryMail(context: Context, settings: Settings): Promise<Finding[]> {
  const config = await openConfig({ ...context, flags: settings.flags(), file: null }, []);
  return checkMail({ config, clock: systemClock });
}
