import { definePreset } from '../preset/preset.ts';

export const grafana = definePreset('grafana', {
  title: 'Grafana',
  evidence: "vectors: Grafana's own unit tests; its source for the rest",
  table: 'user',
  columns: {
    id: 'id',
    email: 'email',
    name: 'name',
    username: 'login',
    password: { hash: 'password', salt: 'salt' },
    changedAt: 'updated',
  },
  optional: ['name', 'updated', 'is_disabled', 'is_service_account'],
  activeWhen: { is_disabled: { noneOf: [true] } },
  refuseWhen: [
    { when: { is_service_account: true }, because: 'this row is a service account' },
    { encoded: { empty: true }, because: 'there is no password; the user signs in through a provider' },
  ],
  hashFormat: 'grafana',
  onReset: [{ delete: 'user_auth_token', where: { user_id: '{id}' }, sessions: true }],
  advice: ['API keys and service accounts stay good.'],
  marks: [{ columns: ['login', 'rands', 'org_id'] }],
});
