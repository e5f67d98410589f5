import { definePreset } from '../preset.ts';

export const laravel = definePreset('laravel', {
  title: 'Laravel',
  evidence: 'real hasher: illuminate/hashing 8.83 and 13.31, both ways',
  table: 'users',
  columns: { id: 'id', email: 'email', name: 'name', password: 'password', changedAt: 'updated_at' },
  optional: ['name', 'updated_at', 'remember_token', 'deleted_at'],
  // rows that the application itself takes for deleted
  activeWhen: { deleted_at: null },
  hashFormat: 'bcrypt',
  // Its hasher throws at every other prefix.
  hashParameters: { prefix: '2y', cost: 12 },
  onReset: [
    { set: { remember_token: { random: 60 } } },
    { delete: 'password_reset_tokens', where: { email: '{email}' } },
    { delete: 'sessions', where: { user_id: '{id}' }, sessions: true },
    {
      delete: 'personal_access_tokens',
      where: { tokenable_id: '{id}', tokenable_type: 'App\\Models\\User' },
    },
  ],
  advice: ['Sessions in files or Redis stay good, unless the AuthenticateSession middleware is on.'],
  marks: [
    { columns: ['remember_token'], tables: ['password_reset_tokens'] },
    { columns: ['remember_token'], tables: ['password_resets'] },
  ],
});
