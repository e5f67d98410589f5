import { definePreset } from '../preset/preset.ts';

export const odoo = definePreset('odoo', {
  title: 'Odoo 12 and later',
  evidence: "real hasher: passlib as Odoo configures it, both ways; Odoo's source for the rest",
  table: 'res_users',
  columns: {
    id: 'id',
    email: 'email',
    name: 'login',
    username: 'login',
    password: 'password',
    changedAt: 'write_date',
  },
  optional: ['write_date'],
  emailIn: { table: 'res_partner', local: 'partner_id', foreign: 'id' },
  activeWhen: { active: true },
  refuseWhen: [
    { encoded: { empty: true }, because: 'there is no password; the user signs in through LDAP or OAuth' },
  ],
  hashFormat: 'passlib-pbkdf2-sha512',
  // https://github.com/odoo/odoo/blob/17.0/addons/auth_totp/models: res_users.py (action_totp_disable), auth_totp.py;
  // odoo/addons/base/models/res_users.py (res.users.apikeys)
  access: [
    {
      kind: 'totp',
      when: { totp_secret: { empty: false } },
      end: [{ set: { totp_secret: null } }, { delete: 'auth_totp_device', where: { user_id: '{id}' } }],
    },
    {
      kind: 'remember-me',
      name: 'trusted devices',
      table: 'auth_totp_device',
      where: { user_id: '{id}' },
      since: 'create_date',
    },
    {
      kind: 'api-token',
      name: 'API key',
      table: 'res_users_apikeys',
      where: { user_id: '{id}' },
      since: 'create_date',
      beyond: 'Odoo keeps API keys in memory for a while: restart it to be sure.',
    },
  ],
  // Its session token is a MAC over the hash and ends by itself.
  advice: ['API keys of the user stay good.'],
  // https://github.com/odoo/odoo: OpenERP 7 keeps the password itself in this column, and login_date beside it
  // (openerp/addons/base/res/res_users.py@009ea40); from 8 to 11 the hash is in password_crypt (addons/auth_crypt@16cf2a3)
  marks: [{ tables: ['res_partner'], columns: ['share'], without: ['password_crypt', 'login_date'] }],
});
