import { defineIssuer } from '../issuer.ts';
import { tokenColumn } from '../token-column.ts';

/** Users of the admin panel: `users.table` is `admin_users`. */
export const strapiAdmin = defineIssuer(
  tokenColumn({
    name: 'strapi-admin',
    source: 'strapi/strapi: packages/core/admin/server/src/services/auth.ts, token.ts (createToken)',
    page: '/admin/auth/reset-password',
    tail: '?code={token}',
    column: 'reset_password_token',
    mark: 'registration_token',
    bytes: 20,
    end: { column: 'reset_password_token_expires_at', as: 'local' },
    before:
      'This Strapi stores no expiry for admin links (admin_users has no reset_password_token_expires_at): they work until they are used, replaced or revoked. Update it, or revoke what was not used.',
    lifeMs: 3_600_000,
    unknown: ['whether Strapi runs in the time zone that timeZone says'],
  }),
);
