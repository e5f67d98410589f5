import { endedRows } from '../access/entries.ts';
import { definePreset } from '../preset/preset.ts';

export const metabase = definePreset('metabase', {
  title: 'Metabase, releases before the table auth_identity',
  evidence: 'real hasher: jBCrypt 0.4, as Metabase calls it, both ways; its source for the rest',
  table: 'core_user',
  columns: {
    id: 'id',
    email: 'email',
    name: 'first_name',
    password: { hash: 'password', salt: 'password_salt' },
    locale: 'locale',
    changedAt: 'updated_at',
  },
  optional: ['first_name', 'locale', 'updated_at', 'sso_source', 'type'],
  // https://github.com/metabase/metabase: src/metabase/auth_identity/providers/password.clj@0b45df0 reads the hash from
  // this table's JSON, which src/metabase/users/models/user.clj@9ff3b20 keeps beside core_user
  without: {
    auth_identity:
      'this release of Metabase signs people in by another table, auth_identity, whose JSON reset does not write',
  },
  activeWhen: { is_active: true },
  refuseWhen: [
    // create-new-ldap-auth-user! in src/metabase/models/user.clj@0041072: what is stored is a random password
    {
      when: { sso_source: { not: null } },
      because: 'the user signs in through another service (the column sso_source says which)',
    },
    // allowed-user-types, there
    {
      when: { type: { noneOf: ['personal', null] } },
      because: 'this row is an API key, or of Metabase itself',
    },
  ],
  hashFormat: 'metabase',
  access: [endedRows('session', 'core_session', { user_id: '{id}' }, { since: 'created_at' })],
  // set-password!, there
  onReset: [{ set: { reset_token: null, reset_triggered: null } }],
  advice: ['API keys stay good.'],
  marks: [{ columns: ['password_salt', 'is_qbnewb'], tables: ['core_session'] }],
});
