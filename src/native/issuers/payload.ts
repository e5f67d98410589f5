import { defineIssuer } from '../issuer.ts';
import { tokenColumn } from '../token-column.ts';

/** The page of the admin panel is of one collection; another one's mails name a page of its own. */
export const payload = defineIssuer(
  tokenColumn({
    name: 'payload',
    source:
      'payloadcms/payload: packages/payload/src/auth/operations/forgotPassword.ts, resetPassword.ts, auth/baseFields/auth.ts',
    page: '/admin/reset',
    tail: '/{token}',
    column: 'reset_password_token',
    bytes: 20,
    end: { column: 'reset_password_expiration', as: 'utc' },
    lifeMs: 3_600_000,
    unknown: [
      'where the page is: /admin/reset is that of the admin panel’s own collection (admin.user); for another one, set link.path as its generateEmailHTML has it',
    ],
  }),
);
