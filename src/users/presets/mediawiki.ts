import { inColumn, sharedTable } from '../access/entries.ts';
import type { Lookup } from '../columns/rules.ts';
import { definePreset } from '../preset/preset.ts';

const device = sharedTable('{p}oathauth_devices', { oad_user: '{id}' }, 'oad_type', { name: 'OATHAuth' });
const ofType = (oat_name: string): Lookup => ({
  in: '{p}oathauth_types',
  column: 'oat_id',
  where: { oat_name },
});
const olderDevice = sharedTable('{p}oathauth_users', { id: '{id}' }, 'module', {
  name: 'OATHAuth before 1.41',
});
const LAST_FACTOR = 'Where no other factor is left, end the recovery codes, too, as OATHAuth does.';

export const mediawiki = definePreset('mediawiki', {
  title: 'MediaWiki; with a table prefix: set users.table to PREFIXuser',
  evidence: 'real login: MediaWiki 1.39 and 1.43 on SQLite',
  prefix: '',
  table: '{p}user',
  columns: {
    id: 'user_id',
    email: 'user_email',
    name: 'user_real_name',
    username: 'user_name',
    password: 'user_password',
  },
  optional: ['user_real_name', 'user_newpassword', 'user_password_expires'],
  refuseWhen: [{ encoded: { empty: true }, because: 'there is no password; an extension signs the user in' }],
  hashFormat: 'mediawiki-pbkdf2',
  passwordTransform: 'nfc',
  // https://github.com/wikimedia/mediawiki-extensions-OATHAuth: src/OATHUserRepository.php@0acd1c5 (oathauth_devices) and
  // @a71bd68 (oathauth_users, which src/Hook/UpdateTables.php@402578a drops in 1.41), src/Module/RecoveryCodes.php (one row
  // for all codes), src/HTMLForm/WebAuthnManageForm.php (they go with the last factor), and core's bot_passwords; the tables
  // hold central ids, which are the local ones without CentralAuth
  access: [
    device('totp', ofType('totp'), { beyond: LAST_FACTOR }),
    device('recovery-codes', ofType('recoverycodes'), { isOne: true }),
    device('passkey', ofType('webauthn'), { beyond: LAST_FACTOR }),
    olderDevice('totp', 'totp'),
    olderDevice('passkey', 'webauthn', { isOne: true }),
    inColumn('session', 'user_token', { emptied: { random: 32, digits: 'hex' }, reset: 'steps' }),
    { kind: 'api-token', name: 'bot password', table: '{p}bot_passwords', where: { bp_user: '{id}' } },
  ],
  onReset: [
    {
      set: {
        user_newpassword: '',
        user_password_expires: null,
      },
    },
  ],
  advice: ['Bot passwords stay good; remove them at Special:BotPasswords.'],
  marks: [{ columns: ['user_newpassword', 'user_token'] }],
});
