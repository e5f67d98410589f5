import { inColumn, lockout, sharedTable } from '../access/entries.ts';
import { definePreset } from '../preset/preset.ts';

const STORED = { UserId: '{id}', LoginProvider: '[AspNetUserStore]' };
const token = sharedTable('AspNetUserTokens', STORED, 'Name');
const COOKIES =
  'Cookies end when they are next validated against the new stamp: within 30 minutes by default.';

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
    token('totp', 'AuthenticatorKey', {
      end: [
        { delete: 'AspNetUserTokens', where: { ...STORED, Name: 'AuthenticatorKey' } },
        { set: { TwoFactorEnabled: false, SecurityStamp: { random: 32 } } },
      ],
    }),
    token('recovery-codes', 'RecoveryCodes', { isOne: true }),
    { kind: 'passkey', table: 'AspNetUserPasskeys', where: { UserId: '{id}' } },
    inColumn('session', 'SecurityStamp', { emptied: { random: 32 }, reset: 'steps', beyond: COOKIES }),
    lockout('LockoutEnd', { AccessFailedCount: 0 }),
  ],
  onReset: [
    {
      set: {
        ConcurrencyStamp: { uuid: true },
      },
    },
  ],
  advice: [COOKIES],
  marks: [{ columns: ['SecurityStamp'] }],
});
