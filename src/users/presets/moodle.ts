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
  onReset: [
    { delete: '{p}sessions', where: { userid: '{id}' }, sessions: true },
    { delete: '{p}user_password_resets', where: { userid: '{id}' } },
    { delete: '{p}user_preferences', where: { userid: '{id}', name: 'auth_forcepasswordchange' } },
    { delete: '{p}user_preferences', where: { userid: '{id}', name: 'login_lockout' } },
  ],
  advice: ['Sessions kept in files or Redis stay good until they expire.'],
  marks: [{ columns: ['suspended', 'confirmed', 'auth'] }],
});
