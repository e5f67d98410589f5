import { describe } from 'vitest';
import { proveLogin } from './support/prove-login.ts';
import { startRedmine } from './support/start-redmine.ts';
import { proveSignOut, withPeer } from './support/with-peer.ts';

describe('the login page of Redmine', () => {
  const redmine = withPeer(startRedmine, 'redmine');
  proveLogin({ ...redmine, hashFormat: 'redmine' });
  proveSignOut(redmine, 2);
});
