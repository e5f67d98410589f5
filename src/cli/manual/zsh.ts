import { COMMANDS, commandPatterns, listBatches, patternOf, valueCases } from './spec.ts';
import type { CommandSpec, Values, Word } from './spec.ts';

const BATCHES = listBatches('"$words[1]"');

/** A function for zsh: in a folder of `$fpath` as `_reset`, or `eval "$(reset completion zsh)"` after compinit. */
export function zshScript(commands: readonly CommandSpec[]): string {
  const everywhere = commands[0]?.options ?? [];
  return [
    `#compdef ${COMMANDS.join(' ')}`,
    '_reset() {',
    '  local at= word i',
    '  local -a found',
    '  for ((i = 2; i < CURRENT; i++)); do',
    '    case "$at $words[i]" in',
    `      ${commandPatterns(commands).join('|')}) at="$at $words[i]" ;;`,
    '    esac',
    '  done',
    '  case "$at/$words[CURRENT-1]" in',
    ...valueCases(commands, reply),
    '  esac',
    '  case "$at" in',
    ...commands.map((command) => {
      const { path, commands: inner, options, argument } = command;
      const own = [...inner, ...(path === '' ? [] : options)];
      const found = `found=(${own.map(described).join(' ')})`;
      const more = argument === undefined || argument.kind === 'free' ? '' : `; ${reply(argument)}`;
      return `    ${patternOf(command)}) ${found}${more} ;;`;
    }),
    '  esac',
    `  found+=(${everywhere.map(described).join(' ')})`,
    '  _describe reset found',
    '}',
    `if [[ $funcstack[1] == _reset ]]; then _reset "$@"; else compdef _reset ${COMMANDS.join(' ')}; fi`,
  ].join('\n');
}

function reply(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `compadd -- ${values.words.map(quote).join(' ')}`;
    case 'files':
      return '_files';
    case 'batches':
      return `compadd -- \${(f)"$(${BATCHES})"}`;
    case 'free':
      return ':';
  }
}

const described = ({ word, help }: Word): string => quote(`${word}:${help.replaceAll(':', '\\:')}`);
const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
