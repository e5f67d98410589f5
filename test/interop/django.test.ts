import { describe, expect, it } from 'vitest';
import { susan } from './support/peer.ts';
import { firstPassword } from './support/passwords.ts';
import { proveLogin } from './support/prove-login.ts';
import { startDjango, type DjangoHasher } from './support/start-django.ts';
import { withPeer } from './support/with-peer.ts';

const hashers: readonly { hasher: DjangoHasher; hashFormat: string }[] = [
  { hasher: 'PBKDF2', hashFormat: 'django-pbkdf2' },
  { hasher: 'Argon2', hashFormat: 'django-argon2' },
  { hasher: 'BCryptSHA256', hashFormat: 'django-bcrypt-sha256' },
];

describe.each(hashers)('the login of Django’s admin, with its $hasher hasher', ({ hasher, hashFormat }) => {
  proveLogin({ ...withPeer(() => startDjango(hasher), 'django'), hashFormat });
});

describe('a session of Django', () => {
  const { peer: django, reset } = withPeer(() => startDjango(), 'django');

  it('ends with the reset, because it holds a MAC of the hash', async () => {
    const browser = await django().signIn(firstPassword);
    expect(await django().isSignedIn(browser)).toBe(true);
    expect((await reset().apply(susan.email, 'a password that ends the session')).code).toBe(0);
    expect(await django().isSignedIn(browser)).toBe(false);
  });
});
