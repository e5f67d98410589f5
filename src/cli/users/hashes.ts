import { countHashes, type HashCount } from '../../flows/users/count-hashes.ts';
import type { Command } from '../command/context.ts';
import { withApp } from '../command/open-app.ts';
import { programName } from '../../values/program-name.ts';
import { plural } from '../../values/plural.ts';

/** `reset hashes`: which formats the users table holds. */
export const hashes: Command = (context) =>
  withApp(context, { needed: ['database'], isSetup: true, mayCreate: false }, async ({ app }) => {
    const { output } = context;
    const counts = await countHashes(app);
    const total = counts.reduce((sum, { count }) => sum + count, 0);
    const width = String(total).length;
    for (const each of counts) output.result(each, toText(each, width), each.isWeak ? 'warn' : undefined);
    const weak = counts.filter(({ isWeak }) => isWeak).reduce((sum, { count }) => sum + count, 0);
    const [unknown, ...others] = counts.filter(({ format }) => format === 'unknown');
    output.info(`${plural(total, 'user')}; ${weak} below today's parameters.`);
    if (unknown) {
      const sum = [unknown, ...others].reduce((count, each) => count + each.count, 0);
      output.warn(
        `${plural(sum, 'hash', 'hashes')} in a format that reset does not know, such as user ${unknown.exampleId}'s. These users get no link until users.hash is set to the format that the application reads. If the preset is wrong, see: ${programName} presets --detect`,
      );
    }
    return 0;
  });

const NAMES: Readonly<Record<string, string>> = {
  none: 'no password yet',
  refused: 'signs in another way',
  unknown: 'unknown format',
};

function toText({ format, parameters, count, isWeak, because, mark }: HashCount, width: number): string {
  const said = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  return [
    String(count).padStart(width),
    NAMES[format] ?? format,
    ...said,
    ...(mark === undefined ? [] : [mark]),
    ...(because === undefined ? [] : [`(${because})`]),
    ...(isWeak ? ["(below today's parameters)"] : []),
  ].join('  ');
}
