import { definePreset } from '../preset/preset.ts';

export const mattermost = definePreset('mattermost', {
  title: 'Mattermost',
  evidence: "source of Mattermost 11's hashers, and hashes made after it",
  table: 'Users',
  columns: {
    id: 'Id',
    email: 'Email',
    name: 'FirstName',
    username: 'Username',
    password: 'Password',
    locale: 'Locale',
    changedAt: 'LastPasswordUpdate',
  },
  changedAtAs: 'ms',
  isChangedAtExact: true,
  optional: ['FirstName', 'Locale'],
  activeWhen: { DeleteAt: 0 },
  refuseWhen: [
    {
      when: { AuthService: { empty: false } },
      because: 'the user signs in through another service (LDAP, SAML, OAuth)',
    },
  ],
  hashFormat: 'mattermost',
  // https://github.com/mattermost/mattermost/tree/master/server/channels/store/sqlstore: user_store.go (MfaActive, MfaSecret),
  // user_access_token_store.go (a token is a session, too), oauth_store.go
  access: [
    { kind: 'totp', when: { MfaActive: true }, end: [{ set: { MfaActive: false, MfaSecret: '' } }] },
    {
      kind: 'session',
      table: 'Sessions',
      where: { UserId: '{id}' },
      since: { column: 'CreateAt', as: 'ms' },
      reset: 'steps',
      beyond: 'The server keeps sessions in memory: purge its caches in the System Console, or restart it.',
    },
    {
      kind: 'api-token',
      name: 'access token',
      table: 'UserAccessTokens',
      where: { UserId: '{id}' },
      when: { IsActive: true },
      end: [
        {
          delete: 'Sessions',
          where: { Token: { in: 'UserAccessTokens', column: 'Token', where: { UserId: '{id}' } } },
        },
        { delete: 'UserAccessTokens', where: { UserId: '{id}' } },
      ],
    },
    {
      kind: 'oauth-grant',
      table: 'OAuthAccessData',
      where: { UserId: '{id}' },
      end: [
        {
          delete: 'Sessions',
          where: { Token: { in: 'OAuthAccessData', column: 'Token', where: { UserId: '{id}' } } },
        },
        { delete: 'OAuthAuthData', where: { UserId: '{id}' } },
        { delete: 'OAuthAccessData', where: { UserId: '{id}' } },
      ],
    },
    {
      kind: 'lockout',
      name: 'failed sign-ins',
      when: { FailedAttempts: { noneOf: [0, null] } },
      end: [{ set: { FailedAttempts: 0 } }],
      reset: 'steps',
    },
  ],
  onReset: [{ set: { UpdateAt: { now: 'ms' } } }],
  advice: ['The server keeps sessions in memory: purge its caches in the System Console, or restart it.'],
  marks: [{ columns: ['LastPasswordUpdate'] }],
});
