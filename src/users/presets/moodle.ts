import { endedRows, sharedTable } from '../access/entries.ts';
import { definePreset } from '../preset/preset.ts';

const since = { column: 'timecreated', as: 's' } as const;
const factor = sharedTable('{p}tool_mfa', { userid: '{id}' }, 'factor', { when: { revoked: 0 }, since });
const preference = sharedTable('{p}user_preferences', { userid: '{id}' }, 'name', { reset: 'steps' });

export const moodle = definePreset('moodle', {
  title: 'Moodle; another table prefix: set users.table to PREFIXuser',
  evidence: "source of Moodle 5, and PHP's crypt() both ways",
  prefix: 'mdl_',
  table: '{p}user',
  columns: {
    id: 'id',
    email: 'email',
    name: 'firstname',
    username: 'username',
    password: 'password',
    locale: 'lang',
    changedAt: 'timemodified',
  },
  changedAtAs: 's',
  optional: ['firstname', 'lang', 'timemodified', 'auth'],
  activeWhen: { deleted: 0, suspended: 0, confirmed: 1 },
  refuseWhen: [
    {
      when: { auth: { noneOf: ['manual', 'email'] } },
      because: 'the user signs in through another service (the column auth says which)',
    },
  ],
  // Accepted by every version and upgraded at login; its own format may hold a pepper that we do not know.
  hashFormat: 'bcrypt',
  hashParameters: { prefix: '2y', cost: 10 },
  maxLength: 128,
  // https://github.com/moodle/moodle: public/admin/tool/mfa/db/install.xml@b1b5f26, admin/tool/mfa/classes/local/factor/
  // object_factor_base.php@00db83d (revoked), admin/tool/mfa/factor/{totp,sms,webauthn}/classes/factor.php (a number of SMS is
  // a label), webservice/lib.php@00a33dc (external_tokens), public/lib/authlib.php@3054dc8 (login_unlock_account),
  // login/lib.php@153e7d4 (core_login_process_password_set lifts auth_forcepasswordchange)
  access: [
    factor('totp', 'totp'),
    factor('sms', 'sms', { when: { revoked: 0, label: { not: null } } }),
    factor('passkey', 'webauthn', { name: 'security key' }),
    endedRows('session', '{p}sessions', { userid: '{id}' }, { since }),
    {
      kind: 'api-token',
      name: 'web service token',
      table: '{p}external_tokens',
      where: { userid: '{id}' },
      since,
    },
    preference('lockout', 'login_lockout', {
      // with the old count, the next failed sign-in would lock again
      end: ['login_lockout', 'login_failed_count', 'login_failed_last'].map((name) => ({
        delete: '{p}user_preferences',
        where: { userid: '{id}', name },
      })),
    }),
    preference('must-change', 'auth_forcepasswordchange', {
      when: { value: '1' },
      demandRow: { value: '1' },
    }),
  ],
  onReset: [{ delete: '{p}user_password_resets', where: { userid: '{id}' } }],
  advice: ['Sessions kept in files or Redis stay good until they expire.'],
  marks: [{ columns: ['suspended', 'confirmed', 'auth'] }],
});
