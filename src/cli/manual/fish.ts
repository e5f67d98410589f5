import { LIST_BATCHES, type CommandSpec, type Values } from './spec.ts';

/** For fish: `reset completion fish > ~/.config/fish/completions/reset.fish`. */
export function fishScript(commands: readonly CommandSpec[]): string {
  const paths = commands.filter(({ path }) => path !== '').map(({ path }) => quote(` ${path}`));
  return [
    '# fish completion of reset: reset completion fish > ~/.config/fish/completions/reset.fish',
    'function __reset_at',
    "  set -l at ''",
    '  for word in (commandline -opc)[2..-1]',
    `    contains -- "$at $word" ${paths.join(' ')}; and set at "$at $word"`,
    '  end',
    '  test "$at" = "$argv[1]"',
    'end',
    'complete -c reset -f',
    ...commands.flatMap(complete),
    'complete -c resetctl -w reset',
  ].join('\n');
}

function complete({ path, commands, options, argument }: CommandSpec): string[] {
  const at = path === '' ? '' : ` ${path}`;
  const when = `-n "__reset_at '${at}'"`;
  return [
    ...commands.map(({ word, help }) => `complete -c reset ${when} -a ${quote(word)} -d ${quote(help)}`),
    ...options.map(({ word, help, values }) => {
      const where = path === '' ? '' : `${when} `;
      const takes = values === undefined ? '' : ` ${offer(values)}`;
      return `complete -c reset ${where}-l ${word.replace(/^--/, '')}${takes} -d ${quote(help)}`;
    }),
    ...(argument === undefined || argument.kind === 'free'
      ? []
      : [`complete -c reset ${when} ${offer(argument).replace(/^-x /, '')}`]),
  ];
}

function offer(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `-x -a ${quote(values.words.join(' '))}`;
    case 'files':
      return '-r -F';
    case 'batches':
      return `-x -a ${quote(`(${LIST_BATCHES})`)}`;
    case 'free':
      return '-x';
  }
}

/** In fish's single quotes a backslash stands for itself, unless before a quote or another backslash. */
const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
