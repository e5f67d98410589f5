import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { succeed } from '../helpers/run-reset.ts';
import { firstPassword } from './support/passwords.ts';
import { susan } from './support/peer.ts';
import { proveLogin } from './support/prove-login.ts';
import { proveNative } from './support/prove-native.ts';
import { withNative } from './support/with-peer.ts';
import { createReset, type Reset } from './support/reset.ts';
import { startPayload, type Payload } from './support/start-payload.ts';

describe('one Payload with two collections of people', () => {
  let payload: Payload;
  beforeAll(async () => {
    payload = await startPayload();
  });
  afterAll(() => payload?.stop());

  describe.each([
    { collection: 'users', other: 'customers' },
    { collection: 'customers', other: 'users' },
  ] as const)('the login of $collection', ({ collection, other }) => {
    let reset: Reset;
    beforeAll(async () => {
      const { folder, database } = payload[collection];
      reset = await createReset({ folder, database, preset: 'payload', users: { table: collection } });
    });

    // Next would build the page, which only asks this API.
    proveNative({
      ...withNative(
        () => payload[collection],
        'payload',
        { path: '/admin/reset/{token}' },
        { users: { preset: 'payload', table: collection } },
      ),
      issuer: 'payload',
      lifeMs: 3_600_000,
      isReplaced: true,
      canRevoke: true,
    });

    proveLogin({ peer: () => payload[collection], reset: () => reset, hashFormat: 'payload-v1' });

    it(`signs the user out everywhere, and nobody in ${other}`, async () => {
      await succeed(reset.apply(susan.email, firstPassword));
      const own = [
        await payload[collection].signIn(firstPassword),
        await payload[collection].signIn(firstPassword),
      ];
      const others = await payload[other].signIn(firstPassword);
      for (const browser of own) expect(await payload[collection].isSignedIn(browser)).toBe(true);
      const applied = await reset.apply(susan.email, 'a password that ends the sessions');
      expect(applied.rows()).toMatchObject([{ sessionsEnded: own.length }]);
      for (const browser of own) expect(await payload[collection].isSignedIn(browser)).toBe(false);
      expect(await payload[other].isSignedIn(others)).toBe(true);
      expect(await payload[other].accepts(firstPassword)).toBe(true);
      await succeed(reset.apply(susan.email, firstPassword));
    });
  });
});
