import { definePreset } from '../preset.ts';

export const strapi = definePreset('strapi', {
  title: 'Strapi 4 and 5, users of the content API',
  evidence: 'real login: Strapi 5.54 from npm',
  table: 'up_users',
  columns: { id: 'id', email: 'email', name: 'username', username: 'username', password: 'password' },
  optional: ['username', 'blocked', 'confirmed', 'provider', 'reset_password_token', 'confirmation_token'],
  activeWhen: { blocked: { noneOf: [true] }, confirmed: { noneOf: [false] } },
  refuseWhen: [
    { when: { provider: { noneOf: ['local', null] } }, because: 'the user signs in through a provider' },
  ],
  hashFormat: 'bcrypt',
  hashParameters: { prefix: '2a', cost: 10 },
  onReset: [
    { set: { reset_password_token: null, confirmation_token: null } },
    { delete: 'strapi_sessions', where: { user_id: '{id}', origin: 'users-permissions' }, sessions: true },
  ],
  advice: [
    "Access tokens (JWT) stay good until they expire: after 10 minutes where the plugin users-permissions has jwtManagement: 'refresh', else after 30 days as a rule.",
  ],
  marks: [{ columns: ['provider', 'confirmed', 'blocked'] }],
  example: {
    tables: {
      up_users: {
        id: 'increments',
        email: 'string:255',
        username: 'string:255',
        password: 'string:255',
        provider: 'string:255',
        confirmed: 'boolean',
        blocked: 'boolean',
        reset_password_token: 'string:255',
      },
      strapi_sessions: { id: 'increments', user_id: 'string:64', origin: 'string:64' },
    },
    rows: {
      up_users: [
        {
          id: 1,
          email: 'susan@example.com',
          username: 'susan',
          password: '{password}',
          provider: 'local',
          confirmed: true,
          blocked: false,
          reset_password_token: 'token',
        },
      ],
      strapi_sessions: [
        { user_id: '1', origin: 'users-permissions' },
        { user_id: '1', origin: 'admin' },
        { user_id: '2', origin: 'users-permissions' },
      ],
    },
  },
});
