import { endedRows } from '../access/entries.ts';
import { definePreset } from '../preset/preset.ts';

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
  // https://github.com/TryGhost/Ghost/blob/main/ghost/core/core/server/data/schema/schema.js
  access: [
    endedRows('session', 'sessions', { user_id: '{id}' }, { since: 'created_at' }),
    {
      kind: 'api-token',
      name: 'staff token',
      table: 'api_keys',
      where: { user_id: '{id}' },
      since: 'created_at',
    },
  ],
  onReset: [{ set: { status: 'active' }, where: { status: 'locked' } }],
  marks: [{ columns: ['visibility', 'accessibility'] }],
});
