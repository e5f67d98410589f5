import { definePreset } from '../preset/preset.ts';

export const prestashop = definePreset('prestashop', {
  title: 'PrestaShop 1.7 to 9, the staff',
  evidence: 'source: db_structure.sql and src/Core/Crypto/Hashing.php of PrestaShop',
  prefix: 'ps_',
  table: '{p}employee',
  columns: {
    id: 'id_employee',
    email: 'email',
    name: 'firstname',
    password: 'passwd',
    changedAt: 'last_passwd_gen',
  },
  isChangedAtExact: true,
  optional: ['firstname', 'reset_password_token', 'reset_password_validity'],
  activeWhen: { active: true },
  hashFormat: 'bcrypt',
  hashParameters: { prefix: '2y', cost: 10 },
  onReset: [
    { set: { reset_password_token: null, reset_password_validity: null } },
    { delete: '{p}employee_session', where: { id_employee: '{id}' }, sessions: true },
  ],
  // 1.6 and before have neither this column nor room for bcrypt: a MD5 of a key and the password in 32 characters
  marks: [{ columns: ['last_passwd_gen', 'id_profile', 'reset_password_token'] }],
});
