import { describe, expect, it } from 'vitest';
import { connect } from '../../src/db/connect.ts';
import { succeed } from '../helpers/run-reset.ts';
import { firstPassword } from './support/passwords.ts';
import { susan } from './support/peer.ts';
import { proveLogin } from './support/prove-login.ts';
import { createReset } from './support/reset.ts';
import { startHasher } from './support/start-hasher.ts';
import { bcryptjsHasher, startBetterAuth, startLucia } from './support/start-node-peer.ts';
import { proveSignOut, withPeer } from './support/with-peer.ts';

const applications = [
  { title: 'the login of Better Auth', preset: 'better-auth', start: startBetterAuth },
  { title: 'a login with Lucia', preset: 'lucia', start: startLucia },
];

describe.each(applications)('$title', ({ preset, start }) => {
  const application = withPeer(start, preset);
  proveLogin({ ...application, hashFormat: 'better-auth' });
  proveSignOut(application, 2);
});

describe('a user of Better Auth who signs in through a provider alone', () => {
  it('gets a password, as its own reset would make one', async () => {
    const application = await startBetterAuth();
    try {
      const { folder, database } = application;
      const reset = await createReset({ folder, database, preset: 'better-auth' });
      const db = await connect(database);
      await db('account').update({ providerId: 'github', accountId: '77', password: null });
      expect(await application.accepts(firstPassword)).toBe(false);
      await succeed(reset.apply(susan.email, 'the first password of a person'));
      expect(await application.accepts('the first password of a person')).toBe(true);
      expect(await db('account').orderBy('providerId').pluck('providerId')).toEqual(['credential', 'github']);
      await db.destroy();
    } finally {
      await application.stop();
    }
  });
});

describe('bcryptjs', () => {
  const bcryptjs = withPeer(() => startHasher('bcrypt', bcryptjsHasher()), 'bcrypt');
  proveLogin({ ...bcryptjs, hashFormat: 'bcrypt', maxBytes: 72 });
});
