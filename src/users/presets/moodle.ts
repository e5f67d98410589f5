import { definePreset } from '../preset.ts';

export const moodle = definePreset('moodle', {
  title: 'Moodle; another table prefix: set users.table to PREFIXuser',
  evidence: "source of Moodle 5, and PHP's crypt() both ways",
  prefix: 'mdl_',
  table: '{p}user',
  columns: {
    id: 'id',
    email: 'email',
    name: 'firstname',
    username: 'username',
    password: 'password',
    locale: 'lang',
    changedAt: 'timemodified',
  },
  changedAtAs: 's',
  optional: ['firstname', 'lang', 'timemodified', 'auth'],
  activeWhen: { deleted: 0, suspended: 0, confirmed: 1 },
  refuseWhen: [
    {
      when: { auth: { noneOf: ['manual', 'email'] } },
      because: 'the user signs in through another service (the column auth says which)',
    },
  ],
  // Accepted by every version and upgraded at login; its own format may hold a pepper that we do not know.
  hashFormat: 'bcrypt',
  hashParameters: { prefix: '2y', cost: 10 },
  maxLength: 128,
  // https://github.com/moodle/moodle: public/admin/tool/mfa/db/install.xml@b1b5f26, admin/tool/mfa/classes/local/factor/
  // object_factor_base.php@00db83d (revoked), admin/tool/mfa/factor/{totp,sms,webauthn}/classes/factor.php (a number of SMS is
  // a label), webservice/lib.php@00a33dc (external_tokens), public/lib/authlib.php@3054dc8 (login_unlock_account),
  // login/lib.php@153e7d4 (core_login_process_password_set lifts auth_forcepasswordchange)
  access: [
    {
      kind: 'totp',
      table: '{p}tool_mfa',
      where: { userid: '{id}', factor: 'totp' },
      when: { revoked: 0 },
      since: { column: 'timecreated', as: 's' },
    },
    {
      kind: 'sms',
      table: '{p}tool_mfa',
      where: { userid: '{id}', factor: 'sms' },
      when: { revoked: 0, label: { not: null } },
      since: { column: 'timecreated', as: 's' },
    },
    {
      kind: 'passkey',
      name: 'security key',
      table: '{p}tool_mfa',
      where: { userid: '{id}', factor: 'webauthn' },
      when: { revoked: 0 },
      since: { column: 'timecreated', as: 's' },
    },
    {
      kind: 'session',
      table: '{p}sessions',
      where: { userid: '{id}' },
      since: { column: 'timecreated', as: 's' },
      reset: 'steps',
    },
    {
      kind: 'api-token',
      name: 'web service token',
      table: '{p}external_tokens',
      where: { userid: '{id}' },
      since: { column: 'timecreated', as: 's' },
    },
    {
      kind: 'lockout',
      table: '{p}user_preferences',
      where: { userid: '{id}', name: 'login_lockout' },
      // with the old count, the next failed sign-in would lock again
      end: [
        { delete: '{p}user_preferences', where: { userid: '{id}', name: 'login_lockout' } },
        { delete: '{p}user_preferences', where: { userid: '{id}', name: 'login_failed_count' } },
        { delete: '{p}user_preferences', where: { userid: '{id}', name: 'login_failed_last' } },
      ],
      reset: 'steps',
    },
    {
      kind: 'must-change',
      table: '{p}user_preferences',
      where: { userid: '{id}', name: 'auth_forcepasswordchange' },
      when: { value: '1' },
      demandRow: { value: '1' },
      reset: 'steps',
    },
  ],
  onReset: [{ delete: '{p}user_password_resets', where: { userid: '{id}' } }],
  advice: ['Sessions kept in files or Redis stay good until they expire.'],
  marks: [{ columns: ['suspended', 'confirmed', 'auth'] }],
});
