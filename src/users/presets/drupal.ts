import { endedRows, sharedTable } from '../access/entries.ts';
import type { AccessEntry } from '../access/entry.ts';
import { definePreset } from '../preset/preset.ts';

const tfa = sharedTable('{p}users_data', { uid: '{id}', module: 'tfa' }, 'name', { name: 'TFA' });
const ALL_OF_TFA: Pick<AccessEntry, 'end' | 'beyond'> = {
  end: [{ delete: '{p}users_data', where: { uid: '{id}', module: 'tfa' } }],
  beyond: 'The other methods of the module TFA are off with it, too.',
};
const flood = sharedTable('{p}flood', { event: 'user.failed_login_user' }, 'identifier', {
  since: { column: 'timestamp', as: 's' },
});

export const drupal = definePreset('drupal', {
  title: 'Drupal 8 to 11',
  evidence: "real hasher: Drupal 11 core's password service, both ways",
  prefix: '',
  table: '{p}users_field_data',
  columns: {
    id: 'uid',
    email: 'mail',
    name: 'name',
    username: 'name',
    password: 'pass',
    locale: 'preferred_langcode',
    changedAt: 'changed',
  },
  changedAtAs: 's',
  optional: ['preferred_langcode', 'changed'],
  activeWhen: { status: 1 },
  siblings: { default_langcode: 1 },
  hashFormat: 'bcrypt',
  hashParameters: { prefix: '2y', cost: 10 },
  passwordTransform: 'trim',
  maxLength: 128,
  // https://git.drupalcode.org/project/tfa (all of it is in users_data), read in https://github.com/dpi/tfa@c4959b8 and
  // https://github.com/jmarcpambrun/D11, modules/contrib/tfa/src/Plugin/Tfa/TfaTotp.php@5ca7eee; https://github.com/drupal/core,
  // modules/user/src/Form/UserLoginForm.php@63b86b1 (the identifier of a failed login is the id, or the id and the address)
  access: [
    tfa('totp', 'tfa_totp_seed', ALL_OF_TFA),
    tfa('totp', 'tfa_hotp_seed', { name: 'TFA, HOTP', ...ALL_OF_TFA }),
    tfa('recovery-codes', 'tfa_recovery_code', { isOne: true }),
    endedRows('session', '{p}sessions', { uid: '{id}' }),
    flood('lockout', '{id}', { name: 'failed sign-ins' }),
    flood('lockout', { startsWith: '{id}-' }, { name: 'failed sign-ins from an address' }),
  ],
  onReset: [
    // The login loads users through this cache: with the row, the old password stays good and the new one is refused.
    { delete: '{p}cache_entity', where: { cid: 'values:user:{id}' } },
  ],
  advice: [
    'With a cache outside the database (Redis, Memcached) the old password stays good until: drush cr',
  ],
  marks: [{ columns: ['default_langcode'] }],
});
