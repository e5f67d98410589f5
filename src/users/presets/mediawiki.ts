import { definePreset } from '../preset.ts';

export const mediawiki = definePreset('mediawiki', {
  title: 'MediaWiki; with a table prefix: set users.table to PREFIXuser',
  evidence: 'real login: MediaWiki 1.39 and 1.43 on SQLite',
  prefix: '',
  table: '{p}user',
  columns: {
    id: 'user_id',
    email: 'user_email',
    name: 'user_real_name',
    username: 'user_name',
    password: 'user_password',
  },
  optional: ['user_real_name', 'user_newpassword', 'user_password_expires'],
  refuseWhen: [{ encoded: { empty: true }, because: 'there is no password; an extension signs the user in' }],
  hashFormat: 'mediawiki-pbkdf2',
  passwordTransform: 'nfc',
  // Without a new token every session stays good.
  onReset: [
    {
      set: {
        user_token: { random: 32, digits: 'hex' },
        user_newpassword: '',
        user_password_expires: null,
      },
    },
  ],
  advice: ['Bot passwords stay good; remove them at Special:BotPasswords.'],
  marks: [{ columns: ['user_newpassword', 'user_token'] }],
});
