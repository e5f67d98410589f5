import { definePreset } from '../preset.ts';

export const aspnetIdentity = definePreset('aspnet-identity', {
  title: 'ASP.NET Core Identity',
  evidence: "vectors: the framework's own unit tests, and a public seed hash of .NET 7",
  table: 'AspNetUsers',
  columns: { id: 'Id', email: 'Email', name: 'UserName', username: 'UserName', password: 'PasswordHash' },
  refuseWhen: [
    { encoded: { empty: true }, because: 'there is no password; the user signs in through a provider' },
  ],
  optional: ['AccessFailedCount', 'LockoutEnd', 'ConcurrencyStamp'],
  hashFormat: 'aspnet-v3',
  onReset: [
    {
      set: {
        SecurityStamp: { random: 32 },
        ConcurrencyStamp: { uuid: true },
        AccessFailedCount: 0,
        LockoutEnd: null,
      },
    },
  ],
  advice: ['Cookies end when they are next validated against the new stamp: within 30 minutes by default.'],
  marks: [{ columns: ['SecurityStamp'] }],
});
