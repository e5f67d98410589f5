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
  example: {
    tables: {
      users: {
        id: 'string:24',
        email: 'string:191',
        name: 'string:191',
        password: 'string:60',
        status: 'string:50',
        visibility: 'string:50',
        accessibility: 'text',
        updated_at: 'timestamp',
      },
      sessions: { id: 'string:24', user_id: 'string:24' },
    },
    rows: {
      users: [
        {
          id: '5951f5fca366002ebd5dbef7',
          email: 'susan@example.com',
          name: 'Susan',
          password: '{password}',
          status: 'locked',
        },
      ],
      sessions: [{ user_id: '5951f5fca366002ebd5dbef7' }, { user_id: '5951f5fca366002ebd5dbef8' }],
    },
  },
});
