import { describe } from 'vitest';
import { proveLogin } from './support/prove-login.ts';
import { proveNative } from './support/prove-native.ts';
import { startN8n } from './support/start-n8n.ts';
import { proveSignOut, withNative, withPeer } from './support/with-peer.ts';

describe('the login of n8n, and its API for a lost password', () => {
  const n8n = withPeer(startN8n, 'n8n');
  proveNative({ ...withNative(n8n.peer, 'n8n'), issuer: 'n8n', lifeMs: 1_200_000 });
  proveLogin({ ...n8n, hashFormat: 'bcrypt', maxBytes: 72 });
  // Its session tokens hold a digest of the hash and end by themselves.
  proveSignOut(n8n, 0);
});
