import { endedRows, lockout } from '../access/entries.ts';
import { definePreset } from '../preset/preset.ts';

export const payload = definePreset('payload', {
  title: 'Payload CMS 2 to 4; the table is called like the collection',
  evidence: 'real login: payload 3.90 from npm, two collections on PostgreSQL; real hasher: payload 3.89',
  table: 'users',
  columns: { id: 'id', email: 'email', password: { hash: 'hash', salt: 'salt' }, changedAt: 'updated_at' },
  optional: [
    'updated_at',
    'login_attempts',
    'lock_until',
    'reset_password_token',
    'reset_password_expiration',
  ],
  hashFormat: 'payload-v1',
  // https://github.com/payloadcms/payload, packages/payload/src/auth/baseFields: apiKey.ts@0053a25, apiKey/index.ts@3326b29
  // (enableAPIKey goes with 4), accountLock.ts@0482a41, sessions.ts@0cf4700; strategies/apiKey.ts@0482a41 (finds by the index).
  // Keys in a collection of their own (useAPIKey: { storage: 'collection' }) are not in these columns.
  access: [
    endedRows('session', '{t}_sessions', { _parent_id: '{id}' }, { since: 'created_at' }),
    {
      kind: 'api-token',
      name: 'API key',
      when: { api_key_index: { empty: false } },
      end: [{ set: { enable_a_p_i_key: false, api_key: null, api_key_index: null } }],
    },
    lockout('lock_until', { login_attempts: 0 }),
  ],
  onReset: [
    {
      set: {
        reset_password_token: null,
        reset_password_expiration: null,
      },
    },
  ],
  marks: [{ columns: ['login_attempts', 'lock_until'] }],
});
