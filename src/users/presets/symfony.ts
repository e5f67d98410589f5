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
  onReset: [
    { delete: 'reset_password_request', where: { user_id: '{id}' } },
    { delete: 'rememberme_token', where: { username: '{email}' } },
  ],
  marks: [
    { columns: ['roles'], tables: ['doctrine_migration_versions'] },
    { columns: ['roles'], tables: ['reset_password_request'] },
    { columns: ['roles'], tables: ['rememberme_token'] },
  ],
  example: {
    tables: {
      user: { id: 'increments', email: 'string:180', roles: 'text', password: 'string:255' },
      reset_password_request: { id: 'increments', user_id: 'integer' },
      rememberme_token: { series: 'string:88', username: 'string:200' },
    },
    rows: {
      user: [{ id: 1, email: 'susan@example.com', roles: '[]', password: '{password}' }],
      reset_password_request: [{ user_id: 1 }, { user_id: 2 }],
      rememberme_token: [{ username: 'susan@example.com' }, { username: 'mike@example.com' }],
    },
  },
});
