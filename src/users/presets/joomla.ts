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
  example: {
    tables: {
      '{p}users': {
        id: 'increments',
        email: 'string:100',
        name: 'string:250',
        username: 'string:150',
        password: 'string:100',
        block: 'integer',
        activation: 'string:100',
        requireReset: 'integer',
      },
      '{p}session': { session_id: 'string:191', userid: 'integer' },
      '{p}user_keys': { id: 'increments', user_id: 'string:150' },
    },
    rows: {
      '{p}users': [
        {
          id: 1,
          email: 'susan@example.com',
          name: 'Susan',
          username: 'susan',
          password: '{password}',
          block: 0,
          activation: 'token',
          requireReset: 1,
        },
      ],
      '{p}session': [{ userid: 1 }, { userid: 2 }],
      '{p}user_keys': [{ user_id: 'susan' }, { user_id: 'mike' }],
    },
  },
});
