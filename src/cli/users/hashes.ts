import { countHashes, type HashCount } from '../../flows/users/count-hashes.ts';
import type { Command } from '../context.ts';
import { withApp } from '../open-app.ts';
import { programName } from '../../values/program-name.ts';

/** `reset hashes`: which formats the users table holds. */
export const hashes: Command = (context) =>
  withApp(context, { require: ['database'], isSetup: true, mayCreate: false }, async ({ app }) => {
    const { output } = context;
    const counts = await countHashes(app);
    const total = counts.reduce((sum, { count }) => sum + count, 0);
    const width = String(total).length;
    for (const each of counts) output.result(each, toText(each, width), each.isWeak ? 'warn' : undefined);
    const weak = counts.filter(({ isWeak }) => isWeak).reduce((sum, { count }) => sum + count, 0);
    const unknown = counts.find(({ format }) => format === 'unknown');
    output.info(`${total} user(s); ${weak} below today's parameters.`);
    if (unknown) {
      output.warn(
        `${unknown.count} hash(es) of a format that is not known here, such as user ${unknown.exampleId}'s. If the preset is wrong, look with: ${programName} presets --detect`,
      );
    }
    return 0;
  });

const NAMES: Readonly<Record<string, string>> = {
  none: 'no password yet',
  refused: 'signs in another way',
  unknown: 'unknown format',
};

function toText({ format, parameters, count, isWeak, because }: HashCount, width: number): string {
  const said = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  return [
    String(count).padStart(width),
    NAMES[format] ?? format,
    ...said,
    ...(because === undefined ? [] : [`(${because})`]),
    ...(isWeak ? ["(below today's parameters)"] : []),
  ].join('  ');
}
