import { digestJwt } from '../digest-jwt.ts';
import { defineIssuer } from '../issuer.ts';

/** `getSimpleHash`: 31 bits, because they only have to change with the password. */
function simpleHash(text: string): string {
  let hash = 0;
  for (let index = 0; index < text.length; index += 1) {
    hash = (31 * hash + text.charCodeAt(index)) | 0;
  }
  return Math.abs(hash).toString(16);
}

export const directus = defineIssuer(
  digestJwt({
    name: 'directus',
    source:
      'directus/directus: api/src/services/users.ts (requestPasswordReset, resetPassword), api/src/utils/jwt.ts; packages/utils/shared/get-simple-hash.ts',
    secret: 'SECRET',
    columns: [],
    page: '/admin/reset-password',
    tail: '?token={token}',
    lifeMs: 86_400_000,
    claims: ({ email, encoded }) => ({ email, scope: 'password-reset', hash: simpleHash(encoded) }),
    last: { iss: 'directus' },
    whose: ({ email, scope, iss }) =>
      typeof email === 'string' && scope === 'password-reset' && iss === 'directus' ? { email } : undefined,
    unknown: [
      'whether SECRET is set: without it, Directus makes a new one at every start',
      'whether the project’s own page takes the link (PASSWORD_RESET_URL_ALLOW_LIST): set link.path to it',
    ],
  }),
);
