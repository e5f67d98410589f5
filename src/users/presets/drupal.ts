import { definePreset } from '../preset.ts';

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
  onReset: [
    { delete: '{p}sessions', where: { uid: '{id}' }, sessions: true },
    // The login loads users through this cache: with the row, the old password stays good and the new one is refused.
    { delete: '{p}cache_entity', where: { cid: 'values:user:{id}' } },
  ],
  advice: [
    'With a cache outside the database (Redis, Memcached) the old password stays good until: drush cr',
  ],
  marks: [{ columns: ['default_langcode'] }],
});
