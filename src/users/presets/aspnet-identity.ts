import { definePreset } from '../preset/preset.ts';

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
  // https://github.com/dotnet/aspnetcore/blob/main/src/Identity: Extensions.Stores/src/UserStoreBase.cs (names of the tokens),
  // EntityFrameworkCore/src/IdentityUserContext.cs (tables), Extensions.Core/src/UserManager.cs (SetTwoFactorEnabledAsync)
  access: [
    {
      kind: 'totp',
      table: 'AspNetUserTokens',
      where: { UserId: '{id}', LoginProvider: '[AspNetUserStore]', Name: 'AuthenticatorKey' },
      end: [
        {
          delete: 'AspNetUserTokens',
          where: { UserId: '{id}', LoginProvider: '[AspNetUserStore]', Name: 'AuthenticatorKey' },
        },
        { set: { TwoFactorEnabled: false, SecurityStamp: { random: 32 } } },
      ],
    },
    {
      kind: 'recovery-codes',
      table: 'AspNetUserTokens',
      where: { UserId: '{id}', LoginProvider: '[AspNetUserStore]', Name: 'RecoveryCodes' },
      isOne: true,
    },
    { kind: 'passkey', table: 'AspNetUserPasskeys', where: { UserId: '{id}' } },
    {
      kind: 'session',
      when: { SecurityStamp: { empty: false } },
      end: [{ set: { SecurityStamp: { random: 32 } } }],
      reset: 'steps',
      beyond: 'Cookies end when they are next validated against the new stamp: within 30 minutes by default.',
    },
    {
      kind: 'lockout',
      when: { LockoutEnd: { not: null } },
      end: [{ set: { AccessFailedCount: 0, LockoutEnd: null } }],
      reset: 'steps',
    },
  ],
  onReset: [
    {
      set: {
        ConcurrencyStamp: { uuid: true },
      },
    },
  ],
  advice: ['Cookies end when they are next validated against the new stamp: within 30 minutes by default.'],
  marks: [{ columns: ['SecurityStamp'] }],
});
