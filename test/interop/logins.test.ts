import { describe, expect, it } from 'vitest';
import type { Application } from './support/peer.ts';
import { proveLogin } from './support/prove-login.ts';
import { startLaravel } from './support/start-laravel.ts';
import { startApache } from './support/start-apache.ts';
import { startRest } from './support/start-rest.ts';
import { startFeathers } from './support/start-feathers.ts';
import { startIcingaWeb } from './support/start-icingaweb.ts';
import { startParse } from './support/start-parse.ts';
import { startPostfixAdmin } from './support/start-postfixadmin.ts';
import { startZabbix } from './support/start-zabbix.ts';
import { startRails } from './support/start-rails.ts';
import { startAllauth } from './support/start-signed.ts';
import { startSymfony } from './support/start-symfony.ts';
import { proveSignOut, proveStay, withPeer } from './support/with-peer.ts';

interface Login {
  readonly title: string;
  readonly start: () => Promise<Application>;
  readonly preset: string;
  /** whether its tables alone tell what it is; the others are for the operator to say */
  readonly isRecognised: boolean;
  readonly hashFormat: string;
  readonly maxBytes?: number;
  readonly trims?: boolean;
  /** how many sessions a reset reports as ended when two browsers are signed in, or what it says of those that stay; absent: it knows of none */
  readonly sessions?: number | string;
  /** more of `users.*` */
  readonly users?: Readonly<Record<string, unknown>>;
}

/** Applications whose login is proven and no more: each installs itself, makes its user and signs it in by its own code. */
const logins: readonly Login[] = [
  {
    title: 'Laravel’s guard',
    start: () => startLaravel({ driver: 'bcrypt', timeZone: 'UTC' }),
    preset: 'laravel',
    isRecognised: true,
    hashFormat: 'bcrypt',
    maxBytes: 72,
    sessions: 2,
  },
  {
    // Sessions and the cookie that remembers hold the hash, or a MAC of it.
    title: 'Symfony’s form login',
    start: startSymfony,
    preset: 'symfony',
    isRecognised: false,
    hashFormat: 'symfony-bcrypt',
    sessions: 0,
  },
  ...(['email', 'email_address'] as const).map((address) => ({
    title: `Rails with has_secure_password and a column ${address}`,
    start: () => startRails(address),
    preset: address === 'email' ? 'rails' : 'rails-auth',
    isRecognised: true,
    hashFormat: 'bcrypt',
    maxBytes: 72,
    sessions: 2,
  })),
  {
    title: 'Zabbix',
    start: startZabbix,
    preset: 'zabbix',
    isRecognised: true,
    hashFormat: 'bcrypt',
    maxBytes: 72,
    sessions: 2,
  },
  {
    title: 'Icinga Web 2',
    start: startIcingaWeb,
    preset: 'default',
    isRecognised: false,
    users: {
      table: 'icingaweb_user',
      id: 'name',
      email: 'name',
      password: 'password_hash',
      active: 'active',
    },
    hashFormat: 'bcrypt',
    maxBytes: 72,
  },
  {
    title: 'PostfixAdmin and Dovecot',
    start: startPostfixAdmin,
    preset: 'postfixadmin',
    isRecognised: true,
    hashFormat: 'sha512-crypt',
    sessions: 'Sessions of PostfixAdmin itself stay good',
  },
  {
    title: 'Apache’s mod_authn_dbd',
    start: startApache,
    preset: 'default',
    isRecognised: false,
    users: { table: 'authn', id: 'user', email: 'user', password: 'password' },
    hashFormat: 'bcrypt',
    maxBytes: 72,
  },
  {
    title: 'django-allauth',
    start: startAllauth,
    preset: 'django',
    isRecognised: true,
    hashFormat: 'django-pbkdf2',
    trims: true,
    sessions: 0,
  },
  {
    title: 'Django REST framework with a user model of the site’s own',
    start: startRest,
    preset: 'django',
    isRecognised: true,
    users: { table: 'people_person', name: 'name' },
    hashFormat: 'django-pbkdf2',
    sessions: 0,
  },
  {
    title: 'Parse Server',
    start: startParse,
    preset: 'parse',
    isRecognised: true,
    hashFormat: 'bcrypt',
    maxBytes: 72,
    sessions: 2,
  },
  {
    title: 'Feathers’ local authentication',
    start: startFeathers,
    preset: 'bcrypt',
    isRecognised: false,
    hashFormat: 'bcrypt',
    maxBytes: 72,
    sessions: 'Signed session tokens (JWT) stay good until they expire',
  },
];

describe.each(logins)('$title', ({ start, preset, isRecognised, users = {}, sessions, ...proof }) => {
  const running = withPeer(start, preset, { users });

  it('is recognised by its own tables, or taken for nothing', async () => {
    const candidates = (await running.reset().run(['presets', '--detect', '--json'])).rows();
    const certain = candidates.filter(({ isMarked }) => isMarked === true).map((each) => each['preset']);
    expect(certain).toEqual(isRecognised ? [preset] : []);
  });

  proveLogin({ ...running, ...proof });
  if (typeof sessions === 'number') proveSignOut(running, sessions);
  if (typeof sessions === 'string') proveStay(running, sessions);
});
