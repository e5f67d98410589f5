import { describe } from 'vitest';
import { proveLogin } from './support/prove-login.ts';
import { startGhost } from './support/start-ghost.ts';
import { proveSignOut, withPeer } from './support/with-peer.ts';

describe('the login of Ghost', () => {
  const ghost = withPeer(startGhost, 'ghost');
  proveLogin({ ...ghost, hashFormat: 'bcrypt', maxBytes: 72 });
  proveSignOut(ghost, 2);
});
