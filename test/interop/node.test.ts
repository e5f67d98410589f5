import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../src/db/connect.ts';
import { succeed } from '../helpers/run-reset.ts';
import { firstPassword } from './support/passwords.ts';
import { susan, type Application } from './support/peer.ts';
import { proveLogin } from './support/prove-login.ts';
import { createReset, type Reset } from './support/reset.ts';
import { startHasher, type HasherPeer } from './support/start-hasher.ts';
import { bcryptjsHasher, startBetterAuth, startLucia } from './support/start-node-peer.ts';

const applications = [
  { title: 'the login of Better Auth', preset: 'better-auth', start: startBetterAuth },
  { title: 'a login with Lucia', preset: 'lucia', start: startLucia },
];

describe.each(applications)('$title', ({ preset, start }) => {
  let application: Application;
  let reset: Reset;

  beforeAll(async () => {
    application = await start();
    reset = await createReset({ folder: application.folder, database: application.database, preset });
  });
  afterAll(() => application?.stop());

  proveLogin({ peer: () => application, reset: () => reset, hashFormat: 'better-auth' });

  it('signs the user out everywhere', async () => {
    await succeed(reset.apply(susan.email, firstPassword));
    const browsers = [await application.signIn(firstPassword), await application.signIn(firstPassword)];
    for (const browser of browsers) expect(await application.isSignedIn(browser)).toBe(true);
    const applied = await reset.apply(susan.email, 'a password that ends the sessions');
    expect(applied.rows()).toMatchObject([{ sessionsEnded: 2 }]);
    for (const browser of browsers) expect(await application.isSignedIn(browser)).toBe(false);
  });
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
  }, 60_000);
});

describe('bcryptjs', () => {
  let peer: HasherPeer;
  let reset: Reset;

  beforeAll(async () => {
    peer = await startHasher('bcrypt', bcryptjsHasher());
    reset = await createReset({ folder: peer.folder, database: peer.database, preset: 'bcrypt' });
  });
  afterAll(() => peer?.stop());

  proveLogin({ peer: () => peer, reset: () => reset, hashFormat: 'bcrypt', maxBytes: 72 });
});
