import { describe } from 'vitest';
import { proveLogin } from './support/prove-login.ts';
import { proveNative } from './support/prove-native.ts';
import { startGhost } from './support/start-ghost.ts';
import { proveSignOut, withNative, withPeer } from './support/with-peer.ts';

describe('the login of Ghost, and its API for a lost password', () => {
  const ghost = withPeer(startGhost, 'ghost');
  proveNative({ ...withNative(ghost.peer, 'ghost'), issuer: 'ghost', lifeMs: 86_400_000 });
  proveLogin({ ...ghost, hashFormat: 'bcrypt', maxBytes: 72 });
  proveSignOut(ghost, 2);
});
