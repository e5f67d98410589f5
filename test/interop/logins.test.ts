import { describe } from 'vitest';
import type { Application } from './support/peer.ts';
import { proveLogin } from './support/prove-login.ts';
import { startLaravel } from './support/start-laravel.ts';
import { startRails } from './support/start-rails.ts';
import { startSymfony } from './support/start-symfony.ts';
import { proveSignOut, withPeer } from './support/with-peer.ts';

interface Login {
  readonly title: string;
  readonly start: () => Promise<Application>;
  readonly preset: string;
  readonly hashFormat: string;
  readonly maxBytes?: number;
  /** how many sessions a reset reports as ended when two browsers are signed in */
  readonly sessions: number;
  /** more of `users.*` */
  readonly users?: Readonly<Record<string, unknown>>;
}

/** Applications whose login is proven and no more: each installs itself, makes its user and signs it in by its own code. */
const logins: readonly Login[] = [
  {
    title: 'Laravel’s guard',
    start: () => startLaravel({ driver: 'bcrypt', timeZone: 'UTC' }),
    preset: 'laravel',
    hashFormat: 'bcrypt',
    maxBytes: 72,
    sessions: 2,
  },
  {
    // Sessions and the cookie that remembers hold the hash, or a MAC of it.
    title: 'Symfony’s form login',
    start: startSymfony,
    preset: 'symfony',
    hashFormat: 'symfony-bcrypt',
    sessions: 0,
  },
  ...(['email', 'email_address'] as const).map((address) => ({
    title: `Rails with has_secure_password and a column ${address}`,
    start: () => startRails(address),
    preset: address === 'email' ? 'rails' : 'rails-auth',
    hashFormat: 'bcrypt',
    maxBytes: 72,
    sessions: 2,
  })),
];

describe.each(logins)('$title', ({ start, preset, users = {}, sessions, ...proof }) => {
  const running = withPeer(start, preset, { users });
  proveLogin({ ...running, ...proof });
  proveSignOut(running, sessions);
});
