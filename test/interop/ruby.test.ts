import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rubyHasher } from './support/hashers.ts';
import { firstPassword } from './support/passwords.ts';
import { susan } from './support/peer.ts';
import { proveLogin } from './support/prove-login.ts';
import { createReset, type Reset } from './support/reset.ts';
import { startHasher, type HasherPeer } from './support/start-hasher.ts';

// As `rails generate devise:install` makes it: longer than what bcrypt keeps.
const pepper = '0123456789abcdef'.repeat(8);
const withPepper = { hash: { format: 'bcrypt', pepper } };

const peers = [
  { title: 'a Devise model', preset: 'devise', hasher: rubyHasher('devise'), users: {} },
  {
    title: 'a Devise model with a pepper',
    preset: 'devise',
    hasher: rubyHasher('devise', pepper),
    users: withPepper,
  },
  { title: 'has_secure_password of Rails', preset: 'rails-auth', hasher: rubyHasher('rails'), users: {} },
];

describe.each(peers)('$title', ({ preset, hasher, users }) => {
  let peer: HasherPeer;
  let reset: Reset;

  beforeAll(async () => {
    peer = await startHasher(preset, hasher);
    reset = await createReset({ folder: peer.folder, database: peer.database, preset, users });
  });
  afterAll(() => peer?.stop());

  proveLogin({ peer: () => peer, reset: () => reset, hashFormat: 'bcrypt', maxBytes: 72 });
});

describe('what else a reset changes in Rails', () => {
  it('gives a session of Devise another salt than the one it holds', async () => {
    const hasher = rubyHasher('devise');
    const peer = await startHasher('devise', hasher);
    try {
      const inSession = (await hasher.inspect(firstPassword, await peer.readHash())).salt;
      const reset = await createReset({ folder: peer.folder, database: peer.database, preset: 'devise' });
      const password = 'a password that ends the sessions';
      expect((await reset.apply(susan.email, password)).code).toBe(0);
      const after = await hasher.inspect(password, await peer.readHash());
      expect(after.accepted).toBe(true);
      expect(after.salt).toMatch(/^\$2a\$12\$.{22}$/);
      expect(after.salt).not.toBe(inSession);
    } finally {
      await peer.stop();
    }
  });

  it('deletes the sessions that the authentication generator keeps', async () => {
    const peer = await startHasher('rails-auth', rubyHasher('rails'));
    try {
      const reset = await createReset({ folder: peer.folder, database: peer.database, preset: 'rails-auth' });
      const applied = await reset.apply(susan.email, 'a password that ends the sessions');
      expect(applied.rows()).toMatchObject([{ sessionsEnded: 1 }]);
      expect(await peer.db('sessions').pluck('user_id')).toEqual([2]);
    } finally {
      await peer.stop();
    }
  });
});
