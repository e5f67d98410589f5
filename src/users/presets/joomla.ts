import { definePreset } from '../preset.ts';

export const joomla = definePreset('joomla', {
  title: 'Joomla 4 and 5; another table prefix: set users.table to PREFIXusers',
  evidence: 'real hasher: joomla/authentication, both ways',
  prefix: 'jos_',
  table: '{p}users',
  columns: { id: 'id', email: 'email', name: 'name', username: 'username', password: 'password' },
  activeWhen: { block: 0 },
  optional: ['activation', 'requireReset'],
  hashFormat: 'bcrypt',
  hashParameters: { prefix: '2y', cost: 10 },
  onReset: [
    { set: { activation: '', requireReset: 0 } },
    { delete: '{p}session', where: { userid: '{id}' }, sessions: true },
    { delete: '{p}user_keys', where: { user_id: '{username}' } },
  ],
  marks: [{ columns: ['requireReset', 'block'] }],
});
