import { describe } from 'vitest';
import { proveLogin } from './support/prove-login.ts';
import { proveNative } from './support/prove-native.ts';
import { startStrapi, type Strapi } from './support/start-strapi.ts';
import { proveSignOut, withNative, withPeer } from './support/with-peer.ts';

// The clock of Strapi's own process decides what its columns hold.
const timeZone = 'Asia/Kolkata';

describe('the login of Strapi', () => {
  const strapi = withPeer<Strapi>(() => startStrapi(timeZone), 'strapi');
  // No front end is here, and nothing of the admin panel is built; their pages only ask these APIs.
  const ofContent = { path: '/reset-password?code={token}' };
  const ofAdmin = { path: '/admin/auth/reset-password?code={token}', token: { form: 'strapi-admin' } };
  const admins = { timeZone, users: { preset: 'strapi', table: 'admin_users' } };

  describe('of the content API, for a lost password', () => {
    const native = withNative(strapi.peer, 'strapi', ofContent);
    proveNative({ ...native, issuer: 'strapi', lifeMs: Infinity, isReplaced: true, canRevoke: true });
  });

  describe('of the admin panel, for a lost password', () => {
    const native = withNative(() => strapi.peer().admin, 'strapi', ofAdmin, admins);
    proveNative({
      ...native,
      issuer: 'strapi-admin',
      lifeMs: 3_600_000,
      isReplaced: true,
      canRevoke: true,
    });
  });

  proveLogin({ ...strapi, hashFormat: 'bcrypt', maxBytes: 72 });
  // Every look at a session rotates its refresh token, and Strapi keeps the row of the old one.
  proveSignOut(strapi, 4);
});
