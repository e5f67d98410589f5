import { definePreset } from '../preset.ts';

export const devise = definePreset('devise', {
  title: 'Rails with Devise; a pepper goes into users.hash.pepper',
  evidence: 'real login: devise 4.8 on Rails 6.1, with and without a pepper; real hasher: devise 5.0',
  table: 'users',
  columns: { id: 'id', email: 'email', password: 'encrypted_password', changedAt: 'updated_at' },
  optional: [
    'updated_at',
    'reset_password_token',
    'reset_password_sent_at',
    'remember_created_at',
    'remember_token',
    'failed_attempts',
    'locked_at',
    'unlock_token',
    'deleted_at',
    'discarded_at',
  ],
  refuseWhen: [
    { encoded: { empty: true }, because: 'there is no password; the user signs in through a provider' },
  ],
  // rows that the application itself takes for deleted
  activeWhen: { deleted_at: null, discarded_at: null },
  hashFormat: 'bcrypt',
  hashParameters: { prefix: '2a', cost: 12 },
  // Sessions and remember-me cookies carry the salt of the hash: serialize_into_session in
  // https://github.com/heartcombo/devise/blob/v4.8.1/lib/devise/models/authenticatable.rb
  sessionsEndWithHash: true,
  onReset: [
    {
      set: {
        reset_password_token: null,
        reset_password_sent_at: null,
        remember_created_at: null,
        remember_token: null,
        failed_attempts: 0,
        locked_at: null,
        unlock_token: null,
      },
    },
  ],
  marks: [{ columns: ['encrypted_password', 'reset_password_token'], tables: ['schema_migrations'] }],
});
