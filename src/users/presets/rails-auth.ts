import { definePreset } from '../preset.ts';

export const railsAuth = definePreset('rails-auth', {
  title: 'Rails 8 authentication generator (has_secure_password)',
  evidence: 'real hasher: activemodel 6.1 and 7.2, both ways',
  table: 'users',
  columns: { id: 'id', email: 'email_address', password: 'password_digest', changedAt: 'updated_at' },
  optional: ['updated_at', 'deleted_at', 'discarded_at'],
  // rows that the application itself takes for deleted
  activeWhen: { deleted_at: null, discarded_at: null },
  hashFormat: 'bcrypt',
  hashParameters: { prefix: '2a', cost: 12 },
  onReset: [{ delete: 'sessions', where: { user_id: '{id}' }, sessions: true }],
  marks: [{ columns: ['email_address', 'password_digest'] }],
  example: {
    tables: {
      users: {
        id: 'increments',
        email_address: 'string:255',
        password_digest: 'string:255',
        deleted_at: 'timestamp',
        discarded_at: 'timestamp',
        updated_at: 'timestamp',
      },
      sessions: { id: 'increments', user_id: 'integer', ip_address: 'string:45' },
    },
    rows: {
      users: [{ id: 1, email_address: 'susan@example.com', password_digest: '{password}' }],
      sessions: [{ user_id: 1 }, { user_id: 2 }],
    },
  },
});
