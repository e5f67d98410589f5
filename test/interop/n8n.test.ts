import { describe } from 'vitest';
import { proveLogin } from './support/prove-login.ts';
import { startN8n } from './support/start-n8n.ts';
import { proveSignOut, withPeer } from './support/with-peer.ts';

describe('the login of n8n', () => {
  const n8n = withPeer(startN8n, 'n8n');
  proveLogin({ ...n8n, hashFormat: 'bcrypt', maxBytes: 72 });
  // Its session tokens hold a digest of the hash and end by themselves.
  proveSignOut(n8n, 0);
});
