import { programName } from '../../values/program-name.ts';
import {
  COMMANDS,
  commandPatterns,
  listBatches,
  patternOf,
  valueCases,
  type CommandSpec,
  type Values,
} from './spec.ts';

const BATCHES = listBatches('"${COMP_WORDS[0]}"');

/** A function for bash 4 and later: `eval "$(reset completion bash)"`. */
export function bashScript(commands: readonly CommandSpec[]): string {
  const [program] = commands;
  const everywhere = program?.options ?? [];
  return [
    `# bash completion of reset. In ~/.bashrc: eval "$(${programName} completion bash)"`,
    '_reset() {',
    '  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} at= i',
    '  for ((i = 1; i < COMP_CWORD; i++)); do',
    '    case "$at ${COMP_WORDS[i]}" in',
    `      ${commandPatterns(commands).join(' | ')}) at="$at \${COMP_WORDS[i]}" ;;`,
    '    esac',
    '  done',
    '  case "$at/$prev" in',
    ...valueCases(commands, reply),
    '  esac',
    '  local words=',
    '  case "$at" in',
    ...commands.map((command) => {
      const { path, commands: inner, options, argument } = command;
      const own = [...inner, ...(path === '' ? [] : options)].map(({ word }) => word);
      const given = argument?.kind === 'words' ? argument.words : [];
      const dynamic = argument?.kind === 'batches' ? ` $(${BATCHES})` : '';
      return `    ${patternOf(command)}) words="${[...own, ...given].join(' ')}"${dynamic === '' ? '' : `; [[ $cur == -* ]] || words="$words${dynamic}"`} ;;`;
    }),
    '  esac',
    `  words="$words ${everywhere.map(({ word }) => word).join(' ')}"`,
    '  COMPREPLY=($(compgen -W "$words" -- "$cur"))',
    '}',
    `complete -F _reset ${COMMANDS.join(' ')}`,
  ].join('\n');
}

function reply(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `COMPREPLY=($(compgen -W "${values.words.join(' ')}" -- "$cur"))`;
    case 'files':
      return 'COMPREPLY=($(compgen -f -- "$cur"))';
    case 'batches':
      return `COMPREPLY=($(compgen -W "$(${BATCHES})" -- "$cur"))`;
    case 'free':
      return ':';
  }
}
