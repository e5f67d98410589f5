import { COMMANDS, listBatches, type CommandSpec, type Values, type Word } from './spec.ts';

const BATCHES = listBatches('"$words[1]"');

/** A function for zsh: in a folder of `$fpath` as `_reset`, or `eval "$(reset completion zsh)"` after compinit. */
export function zshScript(commands: readonly CommandSpec[]): string {
  const everywhere = commands[0]?.options ?? [];
  const paths = commands.filter(({ path }) => path !== '').map(({ path }) => quote(` ${path}`));
  return [
    `#compdef ${COMMANDS.join(' ')}`,
    '_reset() {',
    '  local at= word i',
    '  local -a found',
    '  for ((i = 2; i < CURRENT; i++)); do',
    '    case "$at $words[i]" in',
    `      ${paths.join('|')}) at="$at $words[i]" ;;`,
    '    esac',
    '  done',
    '  case "$at/$words[CURRENT-1]" in',
    ...commands.flatMap(({ path, options }) =>
      options.flatMap(({ word, values }) =>
        values ? [`    ${path === '' ? '*' : quote(` ${path}`)}/${word}) ${reply(values)}; return ;;`] : [],
      ),
    ),
    '  esac',
    '  case "$at" in',
    ...commands.map(({ path, commands: inner, options, argument }) => {
      const own = [...inner, ...(path === '' ? [] : options)];
      const found = `found=(${own.map(described).join(' ')})`;
      const more = argument === undefined || argument.kind === 'free' ? '' : `; ${reply(argument)}`;
      return `    ${quote(path === '' ? '' : ` ${path}`)}) ${found}${more} ;;`;
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
