import { DEVISE_LOCKOUT, DEVISE_RECOVERY_CODES, deviseTwoFactor } from '../frameworks/devise.ts';
import { doorkeeper } from '../frameworks/doorkeeper.ts';
import { definePreset } from '../preset/preset.ts';

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
  // https://github.com/devise-two-factor/devise-two-factor: lib/generators/devise_two_factor/
  // devise_two_factor_generator.rb@19a35c5 (encrypted_otp_secret), lib/devise_two_factor/models/
  // two_factor_authenticatable.rb@00bf472 (otp_secret, consumed_timestep);
  // https://github.com/heartcombo/devise/blob/v4.8.1/lib/devise/models/rememberable.rb
  access: [
    deviseTwoFactor(
      'otp_secret',
      'encrypted_otp_secret',
      'encrypted_otp_secret_iv',
      'encrypted_otp_secret_salt',
      'consumed_timestep',
    ),
    DEVISE_RECOVERY_CODES,
    {
      kind: 'remember-me',
      when: { remember_created_at: { not: null } },
      since: 'remember_created_at',
      end: [{ set: { remember_created_at: null, remember_token: null } }],
      reset: 'steps',
    },
    doorkeeper({ name: 'Doorkeeper' }),
    DEVISE_LOCKOUT,
  ],
  onReset: [
    {
      set: {
        reset_password_token: null,
        reset_password_sent_at: null,
      },
    },
  ],
  marks: [{ columns: ['encrypted_password', 'reset_password_token'], tables: ['schema_migrations'] }],
});
