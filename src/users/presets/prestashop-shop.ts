import { definePreset } from '../preset/preset.ts';

export const prestashopShop = definePreset('prestashop-shop', {
  title: 'PrestaShop 1.7 to 9, the customers',
  evidence: 'source: db_structure.sql and src/Core/Crypto/Hashing.php of PrestaShop',
  prefix: 'ps_',
  table: '{p}customer',
  columns: {
    id: 'id_customer',
    email: 'email',
    name: 'firstname',
    password: 'passwd',
    changedAt: 'last_passwd_gen',
  },
  isChangedAtExact: true,
  optional: ['firstname', 'reset_password_token', 'reset_password_validity', 'is_guest', 'deleted'],
  activeWhen: { active: true, deleted: false },
  refuseWhen: [{ when: { is_guest: true }, because: 'this is a guest, who has no password' }],
  hashFormat: 'bcrypt',
  hashParameters: { prefix: '2y', cost: 10 },
  onReset: [
    { set: { reset_password_token: null, reset_password_validity: null } },
    { delete: '{p}customer_session', where: { id_customer: '{id}' }, sessions: true },
  ],
  // 1.6 and before have neither this column nor room for bcrypt: a MD5 of a key and the password in 32 characters
  marks: [{ columns: ['last_passwd_gen', 'secure_key', 'reset_password_token'] }],
});
