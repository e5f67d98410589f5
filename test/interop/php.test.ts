import { describe, expect, it } from 'vitest';
import { succeed } from '../helpers/run-reset.ts';
import { phpHasher } from './support/hashers.ts';
import { firstPassword } from './support/passwords.ts';
import { susan } from './support/peer.ts';
import { proveLogin } from './support/prove-login.ts';
import { createReset } from './support/reset.ts';
import { startHasher } from './support/start-hasher.ts';
import { withPeer } from './support/with-peer.ts';

const peers = [
  { title: 'password_verify of PHP', name: 'php', preset: 'bcrypt', hashFormat: 'bcrypt', maxBytes: 72 },
  { title: 'Laravel’s BcryptHasher', name: 'laravel', preset: 'laravel', hashFormat: 'bcrypt', maxBytes: 72 },
  // Its prehash lets it take more than bcrypt does.
  { title: 'Symfony’s auto hasher', name: 'symfony', preset: 'symfony', hashFormat: 'symfony-bcrypt' },
] as const;

describe.each(peers)('$title', ({ name, preset, hashFormat, ...limit }) => {
  const hasher = phpHasher(name);
  const { peer, reset } = withPeer(() => startHasher(preset, hasher), preset);

  proveLogin({ peer, reset, hashFormat, ...limit });

  it('sees no reason to hash again', async () => {
    await succeed(reset().apply(susan.email, firstPassword));
    expect(await hasher.needsRehash(firstPassword, await peer().readHash())).toBe(false);
  });
});

describe('what else a reset changes in PHP applications', () => {
  it('ends the sessions of a Laravel user and forgets the remember token', async () => {
    const peer = await startHasher('laravel', phpHasher('laravel'));
    try {
      const reset = await createReset({ folder: peer.folder, database: peer.database, preset: 'laravel' });
      const applied = await reset.apply(susan.email, 'a password that ends the sessions');
      expect(applied.rows()).toMatchObject([{ sessionsEnded: 2 }]);
      expect(await peer.db('sessions').pluck('user_id')).toEqual([2]);
      expect(await peer.db('users').where({ id: 1, remember_token: 'before' })).toEqual([]);
    } finally {
      await peer.stop();
    }
  });
});
