import { defineIssuer } from '../issuer.ts';
import { tokenColumn } from '../token-column.ts';

/** Users of the content API. Strapi keeps no end of their links. */
export const strapi = defineIssuer(
  tokenColumn({
    name: 'strapi',
    source:
      'strapi/strapi: packages/plugins/users-permissions/server/controllers/auth.js (forgotPassword, resetPassword)',
    page: '/reset-password',
    tail: '?code={token}',
    column: 'reset_password_token',
    mark: 'confirmation_token',
    bytes: 64,
    end: null,
    lifeMs: 3_600_000,
    unknown: [
      'where the page is: set link.path as "Reset password page" in the settings of users-permissions has it',
      'when a link ends: Strapi accepts it until it is used, replaced or revoked, however old it is',
    ],
  }),
);
