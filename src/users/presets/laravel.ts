import { endedRows, inColumn } from '../access/entries.ts';
import { definePreset } from '../preset/preset.ts';

export const laravel = definePreset('laravel', {
  title: 'Laravel',
  evidence: 'real login: Laravel 8.83, guard and sessions in its table; illuminate/hashing 13.31 both ways',
  table: 'users',
  columns: { id: 'id', email: 'email', name: 'name', password: 'password', changedAt: 'updated_at' },
  optional: ['name', 'updated_at', 'remember_token', 'deleted_at'],
  // rows that the application itself takes for deleted
  activeWhen: { deleted_at: null },
  hashFormat: 'bcrypt',
  // Its hasher throws at every other prefix.
  hashParameters: { prefix: '2y', cost: 12 },
  // https://github.com/laravel/fortify: src/Actions/DisableTwoFactorAuthentication.php and
  // database/migrations/2014_10_12_200000_add_two_factor_columns_to_users_table.php@10cb137; https://github.com/laravel/sanctum:
  // database/migrations/2019_12_14_000001_create_personal_access_tokens_table.php@458de17; https://github.com/laravel/passport:
  // database/migrations/2016_06_01_000001 to 000003 and 2024_06_01_000001_create_oauth_device_codes_table.php@0205c0f
  access: [
    {
      kind: 'totp',
      name: 'Fortify',
      when: { two_factor_secret: { empty: false } },
      since: 'two_factor_confirmed_at',
      end: [
        { set: { two_factor_secret: null, two_factor_recovery_codes: null, two_factor_confirmed_at: null } },
      ],
    },
    inColumn('recovery-codes', 'two_factor_recovery_codes'),
    endedRows('session', 'sessions', { user_id: '{id}' }),
    inColumn('remember-me', 'remember_token', { emptied: { random: 60 }, reset: 'steps' }),
    endedRows(
      'api-token',
      'personal_access_tokens',
      { tokenable_id: '{id}', tokenable_type: 'App\\Models\\User' },
      { name: 'Sanctum', since: 'created_at' },
    ),
    {
      kind: 'oauth-grant',
      name: 'Passport',
      table: 'oauth_access_tokens',
      where: { user_id: '{id}' },
      when: { revoked: false },
      since: 'created_at',
      end: [
        {
          table: 'oauth_refresh_tokens',
          set: { revoked: true },
          where: {
            access_token_id: { in: 'oauth_access_tokens', column: 'id', where: { user_id: '{id}' } },
          },
        },
        { table: 'oauth_access_tokens', set: { revoked: true }, where: { user_id: '{id}' } },
        { table: 'oauth_auth_codes', set: { revoked: true }, where: { user_id: '{id}' } },
        { table: 'oauth_device_codes', set: { revoked: true }, where: { user_id: '{id}' } },
      ],
    },
  ],
  onReset: [{ delete: 'password_reset_tokens', where: { email: '{email}' } }],
  advice: ['Sessions in files or Redis stay good, unless the AuthenticateSession middleware is on.'],
  marks: [
    { columns: ['remember_token'], tables: ['password_reset_tokens'] },
    { columns: ['remember_token'], tables: ['password_resets'] },
  ],
});
