import { describe, it } from 'vitest';
import { expectSmoke } from './support/expect-smoke.ts';
import { proveLogin } from './support/prove-login.ts';
import { proveNative } from './support/prove-native.ts';
import { startRedmine } from './support/start-redmine.ts';
import { proveSignOut, withNative, withPeer } from './support/with-peer.ts';

// Redmine keeps the time of its server's own zone.
const timeZone = 'Asia/Kolkata';

describe('the pages of Redmine', () => {
  const redmine = withPeer(() => startRedmine(timeZone), 'redmine');
  const native = withNative(redmine.peer, 'redmine', {}, { timeZone });

  it('for a lost password are walked by `reset smoke`', () => expectSmoke(native.peer(), native.reset()));
  proveNative({ ...native, issuer: 'redmine', lifeMs: 86_400_000, isReplaced: true, canRevoke: true });

  proveLogin({ ...redmine, hashFormat: 'redmine' });
  proveSignOut(redmine, 2);
});
