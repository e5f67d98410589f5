import { PRESTASHOP, PRESTASHOP_TOKENS } from '../frameworks/prestashop.ts';
import { definePreset } from '../preset/preset.ts';

export const prestashop = definePreset('prestashop', {
  title: 'PrestaShop 1.7 to 9, the staff',
  ...PRESTASHOP,
  table: '{p}employee',
  columns: {
    id: 'id_employee',
    email: 'email',
    name: 'firstname',
    password: 'passwd',
    changedAt: 'last_passwd_gen',
  },
  optional: ['firstname', 'reset_password_token', 'reset_password_validity'],
  activeWhen: { active: true },
  onReset: [
    PRESTASHOP_TOKENS,
    { delete: '{p}employee_session', where: { id_employee: '{id}' }, sessions: true },
  ],
  marks: [{ columns: ['last_passwd_gen', 'id_profile'] }],
});
