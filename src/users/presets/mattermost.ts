import { failedSignIns } from '../access/entries.ts';
import type { OnResetStep } from '../columns/rules.ts';
import { definePreset } from '../preset/preset.ts';

/** Each token of this table is a session, too. */
const endSessionsOf = (table: string): OnResetStep => ({
  delete: 'Sessions',
  where: { Token: { in: table, column: 'Token', where: { UserId: '{id}' } } },
});

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
      end: [endSessionsOf('UserAccessTokens'), { delete: 'UserAccessTokens', where: { UserId: '{id}' } }],
    },
    {
      kind: 'oauth-grant',
      table: 'OAuthAccessData',
      where: { UserId: '{id}' },
      end: [
        endSessionsOf('OAuthAccessData'),
        { delete: 'OAuthAuthData', where: { UserId: '{id}' } },
        { delete: 'OAuthAccessData', where: { UserId: '{id}' } },
      ],
    },
    failedSignIns('FailedAttempts'),
  ],
  onReset: [{ set: { UpdateAt: { now: 'ms' } } }],
  advice: ['The server keeps sessions in memory: purge its caches in the System Console, or restart it.'],
  marks: [{ columns: ['LastPasswordUpdate'] }],
});
