import { endedRows, inColumn } from '../access/entries.ts';
import { definePreset } from '../preset/preset.ts';

export const symfony = definePreset('symfony', {
  title: 'Symfony, as its MakerBundle makes the User entity',
  evidence: 'real login: SecurityBundle 5.4, form and remember-me; symfony/password-hasher 7.4 both ways',
  table: 'user',
  columns: { id: 'id', email: 'email', password: 'password' },
  hashFormat: 'symfony-bcrypt',
  hashParameters: { prefix: '2y', cost: 13 },
  // hasUserChanged in
  // https://github.com/symfony/symfony/blob/5.4/src/Symfony/Component/Security/Http/Firewall/ContextListener.php
  sessionsEndWithHash: true,
  // https://github.com/scheb/2fa, the columns of the example entities in doc/providers/totp.rst@073b033 and google.rst@1fe03e4
  // (@11fc12e: googleAuthenticatorSecret); https://github.com/symfony/symfony,
  // src/Symfony/Bridge/Doctrine/Security/RememberMe/DoctrineTokenProvider.php@04724ca (lastUsed changes with each use)
  access: [
    inColumn('totp', 'totp_secret'),
    inColumn('totp', 'google_authenticator_secret', { name: 'Google Authenticator' }),
    inColumn('totp', 'googleAuthenticatorSecret', { name: 'Google Authenticator, before scheb/2fa 6' }),
    endedRows('remember-me', 'rememberme_token', { username: '{email}' }),
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
