import { describe, expect, it } from 'vitest';
import { succeed } from '../helpers/run-reset.ts';
import { railsHasher } from './support/hashers.ts';
import { firstPassword } from './support/passwords.ts';
import { susan } from './support/peer.ts';
import { proveLogin } from './support/prove-login.ts';
import { startDevise } from './support/start-devise.ts';
import { startHasher } from './support/start-hasher.ts';
import { withPeer } from './support/with-peer.ts';

// As `rails generate devise:install` makes it: longer than what bcrypt keeps.
const pepper = '0123456789abcdef'.repeat(8);

const sites = [
  { title: 'the login of Devise on Rails', pepper: undefined, users: {} },
  {
    title: 'the login of Devise on Rails, with a pepper',
    pepper,
    users: { hash: { format: 'bcrypt', pepper } },
  },
];

describe.each(sites)('$title', ({ pepper: itsPepper, users }) => {
  const { peer: devise, reset } = withPeer(() => startDevise({ pepper: itsPepper }), 'devise', { users });

  proveLogin({ peer: devise, reset, hashFormat: 'bcrypt', maxBytes: 72 });

  it('signs the user out, remembered or not, because both cookies hold the salt of the hash', async () => {
    await succeed(reset().apply(susan.email, firstPassword));
    const browser = await devise().signIn(firstPassword);
    expect(await devise().isSignedIn(browser)).toBe(true);
    await succeed(reset().apply(susan.email, 'a password that ends the sessions'));
    expect(await devise().isSignedIn(browser)).toBe(false);
  });
});

describe('has_secure_password of Rails', () => {
  const { peer, reset } = withPeer(() => startHasher('rails-auth', railsHasher()), 'rails-auth');

  proveLogin({ peer, reset, hashFormat: 'bcrypt', maxBytes: 72 });

  it('loses the sessions that the authentication generator keeps, and nobody else’s', async () => {
    await peer().db('sessions').del();
    await peer()
      .db('sessions')
      .insert([{ user_id: 1 }, { user_id: 1 }, { user_id: 2 }]);
    const applied = await reset().apply(susan.email, 'a password that ends the sessions');
    expect(applied.rows()).toMatchObject([{ sessionsEnded: 2 }]);
    expect(await peer().db('sessions').pluck('user_id')).toEqual([2]);
  });
});
