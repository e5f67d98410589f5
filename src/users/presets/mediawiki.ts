import { definePreset } from '../preset/preset.ts';

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
  // https://github.com/wikimedia/mediawiki-extensions-OATHAuth: src/OATHUserRepository.php@0acd1c5 (oathauth_devices) and
  // @a71bd68 (oathauth_users, which src/Hook/UpdateTables.php@402578a drops in 1.41), src/Module/RecoveryCodes.php (one row
  // for all codes), src/HTMLForm/WebAuthnManageForm.php (they go with the last factor), and core's bot_passwords; the tables
  // hold central ids, which are the local ones without CentralAuth
  access: [
    {
      kind: 'totp',
      name: 'OATHAuth',
      table: '{p}oathauth_devices',
      where: {
        oad_user: '{id}',
        oad_type: { in: '{p}oathauth_types', column: 'oat_id', where: { oat_name: 'totp' } },
      },
      beyond: 'Where no other factor is left, end the recovery codes, too, as OATHAuth does.',
    },
    {
      kind: 'recovery-codes',
      name: 'OATHAuth',
      table: '{p}oathauth_devices',
      where: {
        oad_user: '{id}',
        oad_type: { in: '{p}oathauth_types', column: 'oat_id', where: { oat_name: 'recoverycodes' } },
      },
      isOne: true,
    },
    {
      kind: 'passkey',
      name: 'OATHAuth',
      table: '{p}oathauth_devices',
      where: {
        oad_user: '{id}',
        oad_type: { in: '{p}oathauth_types', column: 'oat_id', where: { oat_name: 'webauthn' } },
      },
      beyond: 'Where no other factor is left, end the recovery codes, too, as OATHAuth does.',
    },
    {
      kind: 'totp',
      name: 'OATHAuth before 1.41',
      table: '{p}oathauth_users',
      where: { id: '{id}', module: 'totp' },
    },
    {
      kind: 'passkey',
      name: 'OATHAuth before 1.41',
      table: '{p}oathauth_users',
      where: { id: '{id}', module: 'webauthn' },
      isOne: true,
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
