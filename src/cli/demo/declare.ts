import { defineCommand, type Options } from '../command/define-command.ts';

export const demoOptions = {
  '--dir <folder>': { help: 'where to put it', default: 'reset-demo' },
  '--once': 'walk through the whole reset without a person, then end',
} as const satisfies Options;

export const demo = defineCommand('demo', 'try it all in one step', {
  description: 'Start a playground in one step: database, users, mailbox and pages.',
  options: demoOptions,
  examples: ['reset demo', 'reset demo --once'],
  load: async () => (await import('./demo.ts')).demo,
});
