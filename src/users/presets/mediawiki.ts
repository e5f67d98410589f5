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
  // https://gerrit.wikimedia.org/g/mediawiki/extensions/OATHAuth/+/master/sql (oathauth_devices), and core's bot_passwords;
  // both tables hold central ids, which are the local ones without CentralAuth
  access: [
    {
      kind: 'totp',
      name: 'OATHAuth',
      table: '{p}oathauth_devices',
      where: {
        oad_user: '{id}',
        oad_type: { in: '{p}oathauth_types', column: 'oat_id', where: { oat_name: 'totp' } },
      },
    },
    {
      kind: 'recovery-codes',
      name: 'OATHAuth',
      table: '{p}oathauth_devices',
      where: {
        oad_user: '{id}',
        oad_type: { in: '{p}oathauth_types', column: 'oat_id', where: { oat_name: 'recoverycodes' } },
      },
    },
    {
      kind: 'passkey',
      name: 'OATHAuth',
      table: '{p}oathauth_devices',
      where: {
        oad_user: '{id}',
        oad_type: { in: '{p}oathauth_types', column: 'oat_id', where: { oat_name: 'webauthn' } },
      },
    },
    {
      kind: 'session',
      when: { user_token: { empty: false } },
      end: [{ set: { user_token: { random: 32, digits: 'hex' } } }],
      reset: 'steps',
    },
    { kind: 'api-token', name: 'bot password', table: '{p}bot_passwords', where: { bp_user: '{id}' } },
  ],
  onReset: [
    {
      set: {
        user_newpassword: '',
        user_password_expires: null,
      },
    },
  ],
  advice: ['Bot passwords stay good; remove them at Special:BotPasswords.'],
  marks: [{ columns: ['user_newpassword', 'user_token'] }],
});
