import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { succeed } from '../helpers/run-reset.ts';
import { firstPassword } from './support/passwords.ts';
import { susan, type Application } from './support/peer.ts';
import { proveLogin } from './support/prove-login.ts';
import { createReset, type Reset } from './support/reset.ts';
import { startRedmine } from './support/start-redmine.ts';

describe('the login page of Redmine', () => {
  let redmine: Application;
  let reset: Reset;

  beforeAll(async () => {
    redmine = await startRedmine();
    reset = await createReset({ folder: redmine.folder, database: redmine.database, preset: 'redmine' });
  });
  afterAll(() => redmine?.stop());

  proveLogin({ peer: () => redmine, reset: () => reset, hashFormat: 'redmine' });

  it('signs the user out everywhere', async () => {
    await succeed(reset.apply(susan.email, firstPassword));
    const browsers = [await redmine.signIn(firstPassword), await redmine.signIn(firstPassword)];
    for (const browser of browsers) expect(await redmine.isSignedIn(browser)).toBe(true);
    const applied = await reset.apply(susan.email, 'a password that ends the sessions');
    expect(applied.rows()).toMatchObject([{ sessionsEnded: browsers.length }]);
    for (const browser of browsers) expect(await redmine.isSignedIn(browser)).toBe(false);
  });
});
