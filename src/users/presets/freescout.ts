import { LARAVEL_APPLICATION } from '../frameworks/laravel.ts';
import { definePreset } from '../preset/preset.ts';

export const freescout = definePreset('freescout', {
  title: 'FreeScout',
  evidence: 'source: app/User.php and LogoutIfDeleted.php of FreeScout 1.8',
  table: 'users',
  columns: { id: 'id', email: 'email', name: 'first_name', password: 'password', changedAt: 'updated_at' },
  optional: ['first_name', 'updated_at', 'remember_token', 'status', 'type'],
  activeWhen: { status: 1 },
  refuseWhen: [{ when: { type: { noneOf: [1, null] } }, because: 'this row is a robot' }],
  ...LARAVEL_APPLICATION,
  marks: [{ columns: ['invite_state', 'invite_hash'] }],
});
