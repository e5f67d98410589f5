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
});
