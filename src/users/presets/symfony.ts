import { definePreset } from '../preset.ts';

export const symfony = definePreset('symfony', {
  title: 'Symfony, as its MakerBundle makes the User entity',
  evidence: 'real hasher: symfony/password-hasher 5.4 and 7.4, both ways',
  table: 'user',
  columns: { id: 'id', email: 'email', password: 'password' },
  hashFormat: 'symfony-bcrypt',
  hashParameters: { prefix: '2y', cost: 13 },
  // hasUserChanged in
  // https://github.com/symfony/symfony/blob/5.4/src/Symfony/Component/Security/Http/Firewall/ContextListener.php
  sessionsEndWithHash: true,
  // https://symfony.com/bundles/SchebTwoFactorBundle/current/providers: the columns of its example entities
  access: [
    { kind: 'totp', when: { totp_secret: { empty: false } }, end: [{ set: { totp_secret: null } }] },
    {
      kind: 'totp',
      name: 'Google Authenticator',
      when: { google_authenticator_secret: { empty: false } },
      end: [{ set: { google_authenticator_secret: null } }],
    },
    {
      kind: 'remember-me',
      table: 'rememberme_token',
      where: { username: '{email}' },
      since: 'lastUsed',
      reset: 'steps',
    },
  ],
  onReset: [{ delete: 'reset_password_request', where: { user_id: '{id}' } }],
  forks: { tables: ['users'] },
  marks: [
    { columns: ['roles'], tables: ['doctrine_migration_versions'] },
    { columns: ['roles'], tables: ['migration_versions'] },
    { columns: ['roles'], tables: ['reset_password_request'] },
    { columns: ['roles'], tables: ['rememberme_token'] },
  ],
});
