import { definePreset } from '../preset.ts';

export const odoo = definePreset('odoo', {
  title: 'Odoo',
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
  // Its session token is a MAC over the hash and ends by itself.
  advice: ['API keys of the user stay good.'],
  marks: [{ tables: ['res_partner'] }],
});
