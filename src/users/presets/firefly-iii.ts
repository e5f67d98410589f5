import { LARAVEL_APPLICATION } from '../frameworks/laravel.ts';
import { definePreset } from '../preset/preset.ts';

export const fireflyIii = definePreset('firefly-iii', {
  title: 'Firefly III',
  evidence: 'source: Authenticate.php of Firefly III 6',
  table: 'users',
  columns: { id: 'id', email: 'email', password: 'password', changedAt: 'updated_at' },
  optional: ['updated_at', 'remember_token'],
  activeWhen: { blocked: { noneOf: [true] } },
  ...LARAVEL_APPLICATION,
  marks: [{ columns: ['blocked', 'blocked_code'] }],
});
