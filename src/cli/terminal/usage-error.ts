import type { Command as Program, CommanderError } from 'commander';
import { ResetError } from '../../errors.ts';
import { isEmail } from '../../values/email.ts';

/** What commander refuses, as a person would say it. A flag's value is never echoed: it may be a secret (R78). */
export function explainUsage(error: CommanderError, refusing: Program): ResetError {
  const name = nameOf(refusing);
  const text = choicesText(error) ?? addressText(error, name) ?? plainText(error.message);
  return new ResetError('usage_invalid', `${text} See: ${name} --help`);
}

const WRONG_OPTION = /option '(\S+).*' argument '.*' is invalid\. Allowed choices are (.*)\.$/s;
const WRONG_ARGUMENT = /value '(.*)' is invalid for argument '(.*)'\. Allowed choices are (.*)\.$/s;

/** "There is no completion for powershell. Use bash, zsh or fish." */
function choicesText({ code, message }: CommanderError): string | undefined {
  if (code !== 'commander.invalidArgument') return undefined;
  const use = (choices = '') => `Use ${choices.replace(/, ([^,]*)$/, ' or $1')}.`;
  const [, option, choices] = WRONG_OPTION.exec(message) ?? [];
  if (option !== undefined) return `${option} does not take this value. ${use(choices)}`;
  const [, value, argument, words] = WRONG_ARGUMENT.exec(message) ?? [];
  if (value === undefined) return undefined;
  if (argument === 'shell') return `There is no completion for ${value}. ${use(words)}`;
  return `"${value}" is not a choice here. ${use(words)}`;
}

/** Somebody who types an address first probably wants to send a mail. */
function addressText({ code, message }: CommanderError, name: string): string | undefined {
  const typed = /unknown command '(.*?)'/s.exec(message)?.[1] ?? '';
  if (code !== 'commander.unknownCommand' || !isEmail(typed)) return undefined;
  return `Say what to do with this address. To mail a reset link: ${name} send ${typed}`;
}

function plainText(message: string): string {
  const said = message
    .replace(/^error: /, '')
    .replace(/\n\(Did (.*)\)$/, ' (did $1)')
    .replace(/(=).*'/s, "$1…'")
    .replace(/'(-[^-']).+'/s, "'$1…'");
  return `${said.charAt(0).toUpperCase()}${said.slice(1)}`.replace(/\.?$/, '.');
}

/** `reset batch show` */
const nameOf = (command: Program): string =>
  command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
