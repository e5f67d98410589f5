import { definePreset } from '../preset/preset.ts';

export const parse = definePreset('parse', {
  title: 'Parse Server, on PostgreSQL',
  evidence: 'real login: Parse Server 9.10 on PostgreSQL',
  table: '_User',
  columns: {
    id: 'objectId',
    email: 'email',
    name: 'username',
    username: 'username',
    password: '_hashed_password',
    changedAt: 'updatedAt',
  },
  optional: [
    'updatedAt',
    '_perishable_token',
    '_perishable_token_expires_at',
    '_failed_login_count',
    '_account_lockout_expires_at',
    '_password_changed_at',
  ],
  hashFormat: 'bcrypt',
  hashParameters: { prefix: '2b', cost: 10 },
  onReset: [
    {
      set: {
        _perishable_token: null,
        _perishable_token_expires_at: null,
        _failed_login_count: null,
        _account_lockout_expires_at: null,
        _password_changed_at: { now: 'text' },
      },
    },
    { delete: '_Session', where: { user: '{id}' }, sessions: true },
  ],
  advice: ['Each server process caches sessions for a few seconds.'],
  marks: [{ columns: ['_hashed_password', 'objectId'] }],
});
