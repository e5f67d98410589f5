import { defineCommand } from '../command/define-command.ts';

const read = defineCommand('read', 'read bounces from a file, folder or pipe', {
  description:
    'Read mails that came back (RFC 3464) from a file, an mbox, a Maildir or a pipe, or the JSON events of SES, SendGrid, Postmark or Mailgun. Each marks the mail it is about as bounced; an address that accepts no mail gets none from later batches. Whatever is not about a mail of ours is counted and changes nothing.',
  argument: ['<source>', 'file, mbox or Maildir; - for standard input'],
  settings: ['database'],
  examples: ['reset bounces read /var/mail/bounce', 'reset bounces read - --json < events.json'],
  load: async () => (await import('./bounces.ts')).bouncesRead,
});

const list = defineCommand('list', 'addresses that get no batch mails', {
  description: 'List the addresses to which a mail came back for good, with what the server said.',
  examples: ['reset bounces list', 'reset bounces list --json'],
  load: async () => (await import('./bounces.ts')).bouncesList,
});

const lift = defineCommand('lift', 'mail an address again', {
  description: 'Let an address get mails again, because it is good now.',
  argument: ['<address>', 'that a mail came back from'],
  examples: ['reset bounces lift susan@example.com', 'reset bounces lift susan@example.com --json'],
  load: async () => (await import('./bounces.ts')).bouncesLift,
});

export const bounces = defineCommand('bounces', 'read mails that came back', {
  description:
    'Read mails that came back, from a file, an mbox, a Maildir or a pipe (RFC 3464, or the JSON of SES, SendGrid, Postmark or Mailgun), and mark the mails they are about. Addresses that accept no mail are left out of later batches until they are lifted.',
  commands: [read, list, lift],
  otherwise: 'read',
  examples: ['reset bounces /var/mail/bounce', 'reset bounces lift susan@example.com'],
});
