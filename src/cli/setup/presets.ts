import { ResetError } from '../../errors.ts';
import { detectApplication } from '../../flows/setup/detect-application.ts';
import type { PresetExplanation } from '../../flows/setup/explain-preset.ts';
import { explainPreset, listPresets } from '../../flows/setup/explain-preset.ts';
import type { Command, Context } from '../command/context.ts';
import type { OptionsOf } from '../command/define-command.ts';
import type { presetsOptions } from './declare.ts';
import { describeCandidate } from './describe-candidate.ts';
import { withApp } from '../command/open-app.ts';
import { flagsFor } from './users-flags.ts';
import { programName } from '../../values/program-name.ts';

/** `reset presets [NAME]`: all, or one explained; `--detect` looks at the configured database. */
export const presets: Command<OptionsOf<typeof presetsOptions>> = async (
  context,
  [name],
  { detect = false },
) => {
  const { output } = context;
  if (detect && name !== undefined)
    throw new ResetError('usage_invalid', 'Give a preset or --detect, not both.');
  if (detect) return detectPreset(context);
  if (name !== undefined) {
    const explained = explainPreset(name);
    output.result(explained, toText(explained));
    return 0;
  }
  const all = listPresets();
  const width = Math.max(...all.map((each) => each.name.length));
  for (const each of all) output.result(each, `${each.name.padEnd(width)}  ${each.title}`);
  output.info(`More about one: ${programName} presets NAME. Which is mine? ${programName} presets --detect`);
  return Promise.resolve(0);
};

const detectPreset = (context: Context): Promise<number> =>
  withApp(context, { needed: ['database'], isSetup: true, mayCreate: false }, async ({ app }) => {
    const { candidates, best } = await detectApplication(app);
    for (const each of candidates)
      context.output.result(each, describeCandidate(each), each === best ? 'ok' : undefined);
    if (candidates.length === 0) {
      throw new ResetError(
        'config_invalid',
        `No preset fits this database. Name table and columns yourself: ${programName} help presets`,
        { details: { candidates: [] } },
      );
    }
    const own = candidates.find(({ isOwn }) => isOwn);
    if (best) {
      context.output.info(`Use it with: --preset ${best.preset}, or "users": { "preset": "${best.preset}" }`);
    } else {
      context.output.warn(
        `reset cannot say for certain which application this is. Choose one: ${programName} presets NAME says what each does.${own ? ` If it is your own table: ${programName} init ${flagsFor(own.users)}` : ''}`,
      );
    }
    return 0;
  });

function toText(preset: PresetExplanation): string[] {
  const list = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];
  const columns = Object.entries(preset.columns).map(([role, column]) => `${role} = ${column}`);
  return [
    `${preset.name}: ${preset.title}`,
    ...list('table', [`${preset.table} (${columns.join(', ')})`]),
    ...list('password', [
      `${preset.hashFormat ?? 'in the format of the rows'}${preset.passwordTransform === 'raw' ? '' : `, typed passwords go through ${preset.passwordTransform}`}`,
    ]),
    ...list('active users', preset.active),
    ...list('refused users', preset.refused),
    ...list('a reset runs', preset.sql),
    ...list('not covered', preset.advice),
    ...list('evidence', [preset.evidence]),
  ];
}
