import { definePreset } from '../preset.ts';

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
  onReset: [
    { set: { UpdateAt: { now: 'ms' }, FailedAttempts: 0 } },
    { delete: 'Sessions', where: { UserId: '{id}' }, sessions: true },
  ],
  advice: ['The server keeps sessions in memory: purge its caches in the System Console, or restart it.'],
  marks: [{ columns: ['LastPasswordUpdate'] }],
  example: {
    tables: {
      users: {
        id: 'string:26',
        email: 'string:128',
        firstname: 'string:64',
        username: 'string:64',
        password: 'string:128',
        locale: 'string:5',
        lastpasswordupdate: 'bigint',
        updateat: 'bigint',
        deleteat: 'bigint',
        authservice: 'string:32',
        failedattempts: 'integer',
      },
      sessions: { id: 'string:26', userid: 'string:26' },
    },
    rows: {
      users: [
        {
          id: 'abcdefghijklmnopqrstuvwxyz',
          email: 'susan@example.com',
          firstname: 'Susan',
          username: 'susan',
          password: '{password}',
          locale: 'en',
          lastpasswordupdate: 1,
          updateat: 1,
          deleteat: 0,
          authservice: '',
          failedattempts: 3,
        },
      ],
      sessions: [{ userid: 'abcdefghijklmnopqrstuvwxyz' }, { userid: 'zyxwvutsrqponmlkjihgfedcba' }],
    },
  },
});
