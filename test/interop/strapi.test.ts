import { describe } from 'vitest';
import { proveLogin } from './support/prove-login.ts';
import { startStrapi } from './support/start-strapi.ts';
import { proveSignOut, withPeer } from './support/with-peer.ts';

describe('the login of Strapi', () => {
  const strapi = withPeer(startStrapi, 'strapi');
  proveLogin({ ...strapi, hashFormat: 'bcrypt', maxBytes: 72 });
  // Every look at a session rotates its refresh token, and Strapi keeps the row of the old one.
  proveSignOut(strapi, 4);
});
