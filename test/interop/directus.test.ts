import { describe } from 'vitest';
import { proveLogin } from './support/prove-login.ts';
import { startDirectus } from './support/start-directus.ts';
import { proveSignOut, withPeer } from './support/with-peer.ts';

describe('the login of Directus', () => {
  const directus = withPeer(startDirectus, 'directus');
  proveLogin({ ...directus, hashFormat: 'argon2' });
  proveSignOut(directus, 2);
});
