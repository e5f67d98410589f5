import { mustChangeFlag } from '../access/entries.ts';
import { definePreset } from '../preset/preset.ts';

const since = { column: 'created_unix', as: 's' } as const;

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
  // https://github.com/go-gitea/gitea/tree/main/models/auth: twofactor.go (DisableTwoFactor), webauthn.go, access_token.go,
  // oauth2.go, auth_token.go
  access: [
    { kind: 'totp', table: 'two_factor', where: { uid: '{id}' }, since },
    {
      kind: 'passkey',
      name: 'security key',
      table: 'webauthn_credential',
      where: { user_id: '{id}' },
      since,
    },
    {
      kind: 'remember-me',
      table: 'auth_token',
      where: { user_id: '{id}' },
      end: [{ delete: 'auth_token', where: { user_id: '{id}' }, sessions: true }],
      reset: 'steps',
    },
    { kind: 'api-token', name: 'access token', table: 'access_token', where: { uid: '{id}' }, since },
    { kind: 'oauth-grant', table: 'oauth2_grant', where: { user_id: '{id}' }, since },
    mustChangeFlag('must_change_password'),
  ],
  advice: ['Access tokens and SSH keys stay good; sessions in files or memory last until they expire.'],
  marks: [{ columns: ['lower_name', 'passwd_hash_algo'] }],
});
