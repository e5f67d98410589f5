import { definePreset } from '../preset/preset.ts';

export const postfixadmin = definePreset('postfixadmin', {
  title: 'PostfixAdmin, the mailboxes',
  evidence: 'real login: PostfixAdmin 3.3 and Dovecot 2.3 on SQLite',
  prefix: '',
  table: '{p}mailbox',
  columns: {
    id: 'username',
    email: 'username',
    name: 'name',
    username: 'username',
    password: 'password',
    changedAt: 'modified',
  },
  optional: ['name', 'modified', 'token'],
  activeWhen: { active: true },
  // Rows keep their own; a row without one gets crypt with SHA-512, which every Dovecot on Linux reads.
  hashFormat: 'sha512-crypt',
  olderFormats: ['scheme', 'md5-crypt', 'bcrypt'],
  onReset: [{ set: { token: '' } }],
  advice: [
    'Mail programs that are signed in stay so until they reconnect; Dovecot may cache the old password.',
    'Sessions of PostfixAdmin itself stay good until the browser is closed.',
  ],
  marks: [{ columns: ['local_part', 'maildir'], tables: ['{p}domain_admins'] }],
});
