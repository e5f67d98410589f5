import { definePreset } from '../preset.ts';

export const gitea = definePreset('gitea', {
  title: 'Gitea and Forgejo',
  evidence: "vectors: Gitea's own unit tests; its source",
  table: 'user',
  columns: {
    id: 'id',
    email: 'email',
    name: 'full_name',
    username: 'lower_name',
    password: { hash: 'passwd', salt: 'salt', algorithm: 'passwd_hash_algo' },
    locale: 'language',
    changedAt: 'updated_unix',
  },
  changedAtAs: 's',
  optional: ['full_name', 'language', 'updated_unix', 'type', 'must_change_password'],
  activeWhen: { is_active: true, prohibit_login: false, type: 0 },
  refuseWhen: [
    {
      when: { login_source: { not: 0 } },
      because: 'the user signs in through another source (LDAP, OAuth, PAM)',
    },
  ],
  hashFormat: 'gitea',
  onReset: [
    { set: { must_change_password: false } },
    { delete: 'auth_token', where: { user_id: '{id}' }, sessions: true },
  ],
  advice: ['Access tokens and SSH keys stay good; sessions in files or memory last until they expire.'],
  marks: [{ columns: ['lower_name', 'passwd_hash_algo'] }],
  example: {
    tables: {
      user: {
        id: 'increments',
        email: 'string:255',
        full_name: 'string:255',
        lower_name: 'string:255',
        passwd: 'string:255',
        passwd_hash_algo: 'string:255',
        salt: 'string:32',
        must_change_password: 'boolean',
        is_active: 'boolean',
        prohibit_login: 'boolean',
        login_source: 'bigint',
        type: 'integer',
        language: 'string:5',
        updated_unix: 'bigint',
      },
      auth_token: { id: 'string:64', user_id: 'bigint' },
    },
    rows: {
      user: [
        {
          id: 1,
          email: 'susan@example.com',
          full_name: 'Susan',
          lower_name: 'susan',
          passwd: '{password.hash}',
          passwd_hash_algo: '{password.algorithm}',
          salt: '{password.salt}',
          must_change_password: true,
          is_active: true,
          prohibit_login: false,
          login_source: 0,
          type: 0,
          updated_unix: 1,
        },
      ],
      auth_token: [{ user_id: 1 }, { user_id: 2 }],
    },
  },
});
