import { defineCommand, IDENTIFIED, TICKET, type Options } from '../command/define-command.ts';

const user = ['[email]', 'address of the user'] as const;
const token = [
  '[token]',
  'the token, the link or a text with it, such as the whole mail; better through standard input (-) or --token-file',
] as const;

export const resendOptions = {
  ...IDENTIFIED,
  '--force': 'ignore the cool-down',
  ...TICKET,
} as const satisfies Options;

export const resend = defineCommand('resend', 'mail the same link again', {
  description: 'Mail the same live link again, under a new Message-ID.',
  argument: user,
  options: resendOptions,
  settings: ['mail.locale'],
  examples: ['reset resend susan@example.com', 'reset resend --id 42 --force --ticket SUP-4711'],
  load: async () => (await import('./resend.ts')).resend,
});

export const linkOptions = {
  ...IDENTIFIED,
  '--copy': 'into the clipboard instead of onto the screen (pbcopy, wl-copy, xclip or clip.exe)',
  '--qr': 'as a QR code for the camera of a phone',
  ...TICKET,
} as const satisfies Options;

export const link = defineCommand('link', 'print a link, send nothing', {
  description: 'Print a reset link instead of mailing it.',
  argument: user,
  options: linkOptions,
  settings: ['token.expiresIn', 'link.native'],
  examples: ['reset link susan@example.com', 'reset link --username susan --expires-in 10m --json'],
  load: async () => (await import('./link.ts')).link,
});

export const codeOptions = { ...IDENTIFIED, ...TICKET } as const satisfies Options;

export const code = defineCommand('code', 'print a code to read aloud', {
  description:
    'Print a one-time code to read aloud, for somebody on the phone who gets no mail. It works for ten minutes and five tries, at /reset_password_code on the pages of serve.',
  argument: user,
  options: codeOptions,
  examples: ['reset code susan@example.com', 'reset code --username susan --ticket SUP-4711 --json'],
  load: async () => (await import('./code.ts')).code,
});

export const revokeOptions = {
  ...IDENTIFIED,
  '--all': 'the links of everybody',
  '--yes': 'do not ask (with --all)',
  ...TICKET,
} as const satisfies Options;

export const revoke = defineCommand('revoke', 'revoke live links', {
  description: 'Revoke every live link of a user, or of everybody.',
  argument: user,
  options: revokeOptions,
  examples: ['reset revoke susan@example.com', 'reset revoke --all --yes --ticket INC-17'],
  load: async () => (await import('./revoke.ts')).revoke,
});

export const verifyOptions = {
  '--token-file <path>': 'read the token, the link or the whole mail from a file',
} as const satisfies Options;

export const verify = defineCommand('verify', 'check a link', {
  description:
    'Say whether a token is good, whose it is and until when. Changes nothing. With --native it also takes a link that the application itself has mailed, and says which form it has if that is not the configured one. At a terminal it asks for the link if none is given.',
  argument: token,
  options: verifyOptions,
  settings: ['link.native'],
  examples: [
    'reset verify eyJhbGciOiJIUzI1NiIs…',
    'pbpaste | reset verify - --json',
    "reset verify --native 'https://example.com/reset/InN1c2FuQ…' --app-secret-file app.key",
  ],
  load: async () => (await import('./verify.ts')).verify,
});

export const applyOptions = {
  '--token-file <path>': 'read the token, the link or the whole mail from a file',
  '--password-stdin': 'read the password from standard input (one line)',
  '--generate': 'generate a strong password and print it once',
  ...TICKET,
} as const satisfies Options;

export const apply = defineCommand('apply', 'set the new password', {
  description:
    'Set the new password with a token. At a terminal it asks for the link if none is given, and for the password twice, without echo; up to three times.',
  argument: token,
  options: applyOptions,
  examples: [
    'reset apply --token-file token.txt',
    'printf "%s\\n" "$NEW_PASSWORD" | reset apply --token-file token.txt --password-stdin',
  ],
  load: async () => (await import('./apply.ts')).apply,
});
