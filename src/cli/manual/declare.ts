import { defineCommand } from '../command/define-command.ts';

export const completion = defineCommand('completion', 'print a completion script', {
  description: 'Print a script that completes commands, options, presets and batches.',
  argument: ['<shell>', 'bash, zsh or fish', ['bash', 'zsh', 'fish']],
  examples: ['eval "$(reset completion bash)"', 'reset completion fish | source'],
  load: async (program) => (await import('./completion.ts')).completionOf(program),
});

export const help = defineCommand('help', 'show help', {
  description: 'Show the page of a command, or a topic of the manual.',
  argument: ['[topic...]', 'a command or a topic'],
  examples: ['reset help bulk', 'reset help user add'],
  load: async (program) => (await import('./help.ts')).helpOf(program),
});
