import { programName } from '../../values/program-name.ts';
import { COMMANDS, lastWord, listBatches, type CommandSpec, type Values } from './spec.ts';

const BATCHES = listBatches('env (commandline -opc)[1]');

/** Not `--wraps`: fish would then ask the wrapped command for the ids of batches. */
const EACH = COMMANDS.map((name) => `-c ${name}`).join(' ');

/** For fish: `reset completion fish > ~/.config/fish/completions/reset.fish`. */
export function fishScript(commands: readonly CommandSpec[]): string {
  const paths = commands.filter(({ path }) => path !== '').map(({ path }) => quote(` ${path}`));
  return [
    `# fish completion of reset: ${programName} completion fish > ~/.config/fish/completions/${lastWord(programName)}.fish`,
    'function __reset_at',
    "  set -l at ''",
    '  for word in (commandline -opc)[2..-1]',
    `    contains -- "$at $word" ${paths.join(' ')}; and set at "$at $word"`,
    '  end',
    '  test "$at" = "$argv[1]"',
    'end',
    `complete ${EACH} -f`,
    ...commands.flatMap(complete),
  ].join('\n');
}

function complete({ path, commands, options, argument }: CommandSpec): string[] {
  const at = path === '' ? '' : ` ${path}`;
  const when = `-n "__reset_at '${at}'"`;
  return [
    ...commands.map(({ word, help }) => `complete ${EACH} ${when} -a ${quote(word)} -d ${quote(help)}`),
    ...options.map(({ word, help, values }) => {
      const where = path === '' ? '' : `${when} `;
      const takes = values === undefined ? '' : ` ${offer(values)}`;
      return `complete ${EACH} ${where}-l ${word.replace(/^--/, '')}${takes} -d ${quote(help)}`;
    }),
    ...(argument === undefined || argument.kind === 'free'
      ? []
      : [`complete ${EACH} ${when} ${offer(argument).replace(/^-x /, '')}`]),
  ];
}

function offer(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `-x -a ${quote(values.words.join(' '))}`;
    case 'files':
      return '-r -F';
    case 'batches':
      return `-x -a ${quote(`(${BATCHES})`)}`;
    case 'free':
      return '-x';
  }
}

/** In fish's single quotes a backslash stands for itself, unless before a quote or another backslash. */
const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
