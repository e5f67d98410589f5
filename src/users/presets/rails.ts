import { definePreset } from '../preset/preset.ts';
import { NAMED } from '../preset/usual-columns.ts';

export const rails = definePreset('rails', {
  title: 'Rails with has_secure_password and a column email',
  evidence: 'real login: Rails 6.1 with has_secure_password; activemodel 7.2 both ways',
  table: 'users',
  columns: { ...NAMED, password: 'password_digest', changedAt: 'updated_at' },
  optional: ['name', 'username', 'updated_at', 'deleted_at', 'discarded_at'],
  // rows that the application itself takes for deleted
  activeWhen: { deleted_at: null, discarded_at: null },
  hashFormat: 'bcrypt',
  hashParameters: { prefix: '2a', cost: 12 },
  onReset: [{ delete: 'sessions', where: { user_id: '{id}' }, sessions: true }],
  advice: ['Sessions in signed cookies, and tokens in columns of its own, stay good.'],
  marks: [{ columns: ['email', 'password_digest'], tables: ['schema_migrations'] }],
});
