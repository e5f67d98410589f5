import { mustChangeFlag, sharedTable } from '../access/entries.ts';
import { doorkeeper } from '../frameworks/doorkeeper.ts';
import { definePreset } from '../preset/preset.ts';

const token = sharedTable('tokens', { user_id: '{id}' }, 'action', { since: 'created_on' });

export const redmine = definePreset('redmine', {
  title: 'Redmine',
  evidence: 'real login: Redmine 5.0 on SQLite; source of Redmine 7, which still knows salted SHA-1 alone',
  table: 'users',
  columns: {
    id: 'id',
    email: 'address',
    name: 'firstname',
    username: 'login',
    password: { hash: 'hashed_password', salt: 'salt' },
    locale: 'language',
    changedAt: 'passwd_changed_on',
  },
  isChangedAtExact: true,
  optional: ['firstname', 'language', 'passwd_changed_on', 'must_change_passwd'],
  emailIn: { table: 'email_addresses', local: 'id', foreign: 'user_id', where: { is_default: true } },
  activeWhen: { status: 1 },
  refuseWhen: [
    { when: { type: { noneOf: ['User', null] } }, because: 'this row is a group or the anonymous user' },
    { when: { auth_source_id: { not: null } }, because: 'the user signs in through LDAP' },
  ],
  hashFormat: 'redmine',
  // https://github.com/redmine/redmine: lib/redmine/twofa/base.rb@148d1b0 and totp.rb@2edd00b (destroy_pairing_without_verify!),
  // app/models/token.rb@4082069 (actions); account_controller.rb and my_controller.rb of 5.0 (a new password lifts
  // must_change_passwd); https://github.com/marius-balteanu/redmine (its OAuth, later in Redmine):
  // db/migrate/20170107092155_create_doorkeeper_tables.rb@b323708
  access: [
    {
      kind: 'totp',
      when: { twofa_scheme: { empty: false } },
      end: [
        { set: { twofa_scheme: null, twofa_totp_key: null, twofa_totp_last_used_at: null } },
        { delete: 'tokens', where: { user_id: '{id}', action: 'twofa_backup_code' } },
      ],
    },
    token('recovery-codes', 'twofa_backup_code'),
    token('session', 'session', { reset: 'steps' }),
    token('remember-me', 'autologin', { reset: 'steps' }),
    token('api-token', 'api', { name: 'API key' }),
    token('api-token', 'feeds', { name: 'feed key' }),
    doorkeeper(),
    mustChangeFlag('must_change_passwd'),
  ],
  onReset: [{ delete: 'tokens', where: { user_id: '{id}', action: 'recovery' } }],
  advice: ['API access keys and feed keys stay good.'],
  marks: [{ columns: ['auth_source_id'] }],
});
