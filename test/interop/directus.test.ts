import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { succeed } from '../helpers/run-reset.ts';
import { firstPassword } from './support/passwords.ts';
import { susan, type Application } from './support/peer.ts';
import { proveLogin } from './support/prove-login.ts';
import { createReset, type Reset } from './support/reset.ts';
import { startDirectus } from './support/start-directus.ts';

describe('the login of Directus', () => {
  let directus: Application;
  let reset: Reset;

  beforeAll(async () => {
    directus = await startDirectus();
    reset = await createReset({ folder: directus.folder, database: directus.database, preset: 'directus' });
  });
  afterAll(() => directus?.stop());

  proveLogin({ peer: () => directus, reset: () => reset, hashFormat: 'argon2' });

  it('signs the user out everywhere', async () => {
    await succeed(reset.apply(susan.email, firstPassword));
    const browsers = [await directus.signIn(firstPassword), await directus.signIn(firstPassword)];
    for (const browser of browsers) expect(await directus.isSignedIn(browser)).toBe(true);
    const applied = await reset.apply(susan.email, 'a password that ends the sessions');
    expect(applied.rows()).toMatchObject([{ sessionsEnded: browsers.length }]);
    for (const browser of browsers) expect(await directus.isSignedIn(browser)).toBe(false);
  });
});
