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
  example: {
    tables: {
      AspNetUsers: {
        Id: 'string:191',
        Email: 'string:256',
        UserName: 'string:256',
        PasswordHash: 'text',
        SecurityStamp: 'text',
        ConcurrencyStamp: 'text',
        AccessFailedCount: 'integer',
        LockoutEnd: 'timestamp',
      },
    },
    rows: {
      AspNetUsers: [
        {
          Id: '6f2a1c9e-0000-4000-8000-000000000001',
          Email: 'susan@example.com',
          UserName: 'susan',
          PasswordHash: '{password}',
          SecurityStamp: 'before',
          AccessFailedCount: 3,
        },
      ],
    },
  },
});
