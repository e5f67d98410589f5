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
});
