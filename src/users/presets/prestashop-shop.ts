import { PRESTASHOP, PRESTASHOP_TOKENS } from '../frameworks/prestashop.ts';
import { definePreset } from '../preset/preset.ts';

export const prestashopShop = definePreset('prestashop-shop', {
  title: 'PrestaShop 1.7 to 9, the customers',
  ...PRESTASHOP,
  table: '{p}customer',
  columns: {
    id: 'id_customer',
    email: 'email',
    name: 'firstname',
    password: 'passwd',
    changedAt: 'last_passwd_gen',
  },
  optional: ['firstname', 'reset_password_token', 'reset_password_validity', 'is_guest', 'deleted'],
  activeWhen: { active: true, deleted: false },
  refuseWhen: [{ when: { is_guest: true }, because: 'this is a guest, who has no password' }],
  onReset: [
    PRESTASHOP_TOKENS,
    { delete: '{p}customer_session', where: { id_customer: '{id}' }, sessions: true },
  ],
  marks: [{ columns: ['last_passwd_gen', 'secure_key'] }],
});
