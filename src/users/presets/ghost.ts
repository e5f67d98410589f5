import { definePreset } from '../preset.ts';

export const ghost = definePreset('ghost', {
  title: 'Ghost 5 and 6, staff users',
  evidence: 'real login: Ghost 6.65 from npm, on MariaDB',
  table: 'users',
  columns: {
    id: 'id',
    email: 'email',
    name: 'name',
    password: 'password',
    locale: 'locale',
    changedAt: 'updated_at',
  },
  optional: ['locale', 'updated_at'],
  activeWhen: { status: { oneOf: ['active', 'warn-1', 'warn-2', 'warn-3', 'warn-4', 'locked'] } },
  hashFormat: 'bcrypt',
  hashParameters: { prefix: '2a', cost: 10 },
  onReset: [
    { set: { status: 'active' }, where: { status: 'locked' } },
    { delete: 'sessions', where: { user_id: '{id}' }, sessions: true },
  ],
  marks: [{ columns: ['visibility', 'accessibility'] }],
});
