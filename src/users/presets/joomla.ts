import { endedRows, mustChangeFlag, sharedTable } from '../access/entries.ts';
import { definePreset } from '../preset/preset.ts';
import { NAMED } from '../preset/usual-columns.ts';

const factor = sharedTable('{p}user_mfa', { user_id: '{id}' }, 'method', { since: 'created_on' });

export const joomla = definePreset('joomla', {
  title: 'Joomla 4 and 5; another table prefix: set users.table to PREFIXusers',
  evidence: 'real hasher: joomla/authentication, both ways',
  prefix: 'jos_',
  table: '{p}users',
  columns: { ...NAMED, password: 'password' },
  activeWhen: { block: 0 },
  optional: ['activation', 'requireReset'],
  hashFormat: 'bcrypt',
  hashParameters: { prefix: '2y', cost: 10 },
  // https://github.com/joomla/joomla-cms: administrator/components/com_admin/sql/updates/mysql/4.2.0-2022-05-15.sql@63c6bfa
  // (user_mfa), plugins/multifactorauth (methods), installation/sql/mysql/base.sql@004c75d (user_keys, requireReset),
  // plugins/authentication/cookie/src/Extension/Cookie.php@08bface (user_keys.user_id is the user name),
  // plugins/user/token/src/Extension/Token.php@082ad0e (user_profiles), libraries/src/Application/CMSApplication.php@02fde57
  // (checkUserRequiresReset)
  access: [
    factor('totp', 'totp'),
    factor('totp', 'yubikey', { name: 'YubiKey' }),
    factor('recovery-codes', 'backupcodes'),
    factor('passkey', 'webauthn', { name: 'security key' }),
    endedRows('session', '{p}session', { userid: '{id}' }),
    endedRows('remember-me', '{p}user_keys', { user_id: '{username}' }),
    {
      kind: 'api-token',
      table: '{p}user_profiles',
      where: { user_id: '{id}', profile_key: 'joomlatoken.token' },
    },
    mustChangeFlag('requireReset', 1, 0),
  ],
  onReset: [{ set: { activation: '' } }],
  advice: [
    // plugins/system/webauthn/src/CredentialRepository.php@0bc36d6 (getHandleFromUserId): its rows name the user by a MAC
    {
      text: 'Passkeys stay good: their table does not say whose they are. Remove them in the profile of the user.',
      table: '{p}webauthn_credentials',
    },
  ],
  marks: [{ columns: ['requireReset', 'block'] }],
});
