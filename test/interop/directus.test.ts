import { describe } from 'vitest';
import { proveLogin } from './support/prove-login.ts';
import { proveNative } from './support/prove-native.ts';
import { startDirectus } from './support/start-directus.ts';
import { proveSignOut, withNative, withPeer } from './support/with-peer.ts';

describe('the login of Directus, and its API for a lost password', () => {
  const directus = withPeer(startDirectus, 'directus');
  proveNative({ ...withNative(directus.peer, 'directus'), issuer: 'directus', lifeMs: 86_400_000 });
  proveLogin({ ...directus, hashFormat: 'argon2' });
  proveSignOut(directus, 2);
});
