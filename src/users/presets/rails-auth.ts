import { endedRows } from '../access/entries.ts';
import { definePreset } from '../preset/preset.ts';

export const railsAuth = definePreset('rails-auth', {
  title: 'Rails 8 authentication generator (has_secure_password)',
  evidence: 'real login: Rails 6.1 with the columns and sessions of the generator; activemodel 7.2 both ways',
  table: 'users',
  columns: { id: 'id', email: 'email_address', password: 'password_digest', changedAt: 'updated_at' },
  optional: ['updated_at', 'deleted_at', 'discarded_at'],
  // rows that the application itself takes for deleted
  activeWhen: { deleted_at: null, discarded_at: null },
  hashFormat: 'bcrypt',
  hashParameters: { prefix: '2a', cost: 12 },
  access: [endedRows('session', 'sessions', { user_id: '{id}' }, { since: 'created_at' })],
  marks: [{ columns: ['email_address', 'password_digest'] }],
});
