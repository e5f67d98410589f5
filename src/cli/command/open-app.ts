import type { App, AppOptions } from '../../app.ts';
import { createApp, describeDatabase } from '../../app.ts';
import type { Config } from '../../config/config.ts';
import { processEnvironment } from '../../config/environment.ts';
import type { Inspected } from '../../config/load.ts';
import { inspectConfig, loadConfig } from '../../config/load.ts';
import type { KeyName } from '../../config/schema.ts';
import type { Reset } from '../../create-reset.ts';
import { bindReset, systemClock } from '../../create-reset.ts';
import type { Log } from '../../log.ts';
import { createLog } from '../../log.ts';
import { validateUsers } from '../../users-settings.ts';
import type { Context } from './context.ts';
import type { Output } from '../terminal/output.ts';
import { waitFor } from '../terminal/waiting.ts';

/** What a command that sends mails needs. */
export const TO_SEND = ['database', 'baseUrl', 'secret', 'mail.url', 'mail.from'] as const;

/** Where a configuration comes from: the context of a command, or one that a command has made up for itself. */
type Opening = Pick<Context, 'output' | 'flags'> & {
  /** null: no config file, even if there is one */
  readonly file: string | null | undefined;
  /** nothing but the flags counts: no file, no environment */
  readonly isAlone?: boolean;
};

/** A command that opens a configuration several times is warned once. */
const warned = new WeakMap<Output, Set<string>>();

/** Global flags, environment and file → configuration, for a command that needs these keys. Prints its warnings. */
export async function openConfig(
  { output, flags, file, isAlone = false }: Opening,
  needed: readonly KeyName[],
): Promise<Config> {
  const place = isAlone ? { cwd: null } : { cwd: process.cwd(), env: processEnvironment() };
  const config = await loadConfig({ flags, ...place, file, needed, validate: validateUsers });
  const said = warned.get(output) ?? new Set();
  warned.set(output, said);
  for (const warning of config.warnings) {
    if (!said.has(warning)) output.warn(warning);
    said.add(warning);
  }
  return config;
}

/** The same for `doctor`, which reports each problem and continues with the rest. */
export const inspectSetup = ({ flags, file }: Context): Promise<Inspected> =>
  inspectConfig({ flags, env: processEnvironment(), cwd: process.cwd(), file, needed: TO_SEND });

export interface Opened {
  readonly app: App;
  readonly reset: Reset;
}

/** Open the application, do the work, close it whatever happens. */
export async function withApp<T>(
  context: Opening & Pick<Context, 'verbose' | 'quiet' | 'logFormat'>,
  {
    needed,
    ...options
  }: { needed: readonly KeyName[] } & Pick<AppOptions, 'isSetup' | 'mayCreate' | 'isBulk' | 'isRun'>,
  work: (opened: Opened) => Promise<T>,
): Promise<T> {
  if (options.isBulk === true) (await import('../batch/limit-heap-growth.ts')).limitHeapGrowth();
  const config = await openConfig(context, needed);
  const app = await waitFor(context, databaseOf(config), () =>
    createApp(config, { clock: systemClock, log: openLog(context), ...options }),
  );
  try {
    return await work({ app, reset: bindReset(app) });
  } finally {
    await app.close();
  }
}

/** Log lines go to stderr: those of long-running commands, and warnings of all. */
export function openLog({
  verbose,
  quiet,
  logFormat,
}: Pick<Context, 'verbose' | 'quiet' | 'logFormat'>): Log {
  return createLog({
    level: quiet ? 'error' : verbose ? 'debug' : 'info',
    format: logFormat,
    write: (line) => process.stderr.write(`${line}\n`),
    now: () => systemClock.now(),
  });
}

const databaseOf = ({ database }: Config): string =>
  database === undefined ? 'the database' : describeDatabase(database.reveal());
