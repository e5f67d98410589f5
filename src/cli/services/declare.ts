import { defineCommand, type Options } from '../command/define-command.ts';

export const serve = defineCommand('serve', 'run the reset pages', {
  description: 'Serve the reset pages, and deliver the mails that they queue.',
  settings: ['server.host', 'server.port', 'templates'],
  examples: ['reset serve', 'reset serve --host 127.0.0.1 --port 8025 --log-format json'],
  load: async () => (await import('./serve.ts')).serve,
});

export const workerOptions = {
  '--once': 'end when nothing is queued, delayed or claimed by anyone',
} as const satisfies Options;

export const worker = defineCommand('worker', 'deliver queued mails', {
  description: 'Deliver queued mails until stopped. Any number may run, on any number of machines.',
  options: workerOptions,
  settings: ['mail.rate', 'mail.connections'],
  examples: ['reset worker', 'reset worker --once --json'],
  load: async () => (await import('./worker.ts')).worker,
});
