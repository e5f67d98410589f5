import { definePreset } from '../preset/preset.ts';
import { USER_NAMED } from '../preset/usual-columns.ts';
import { programName } from '../../values/program-name.ts';

export const standard = definePreset('default', {
  title: `the table users that \`${programName} migrate\` makes`,
  evidence: 'ours: every flow test runs on it',
  table: 'users',
  columns: { ...USER_NAMED, password: 'password_hash', locale: 'locale', changedAt: 'updated_at' },
  optional: ['username', 'locale', 'updated_at'],
  hashFormat: 'bcrypt',
  // as create-users-table.ts makes it
  marks: [
    {
      columns: ['id', 'email', 'username', 'password_hash', 'locale', 'created_at', 'updated_at'],
      isAll: true,
    },
  ],
});
