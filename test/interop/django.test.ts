import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { susan } from './support/peer.ts';
import { firstPassword } from './support/passwords.ts';
import { proveLogin } from './support/prove-login.ts';
import { createReset, type Reset } from './support/reset.ts';
import { startDjango, type DjangoHasher } from './support/start-django.ts';
import type { SecretSite } from './support/start-site.ts';

const hashers: readonly { hasher: DjangoHasher; hashFormat: string }[] = [
  { hasher: 'PBKDF2', hashFormat: 'django-pbkdf2' },
  { hasher: 'Argon2', hashFormat: 'django-argon2' },
  { hasher: 'BCryptSHA256', hashFormat: 'django-bcrypt-sha256' },
];

describe.each(hashers)('the login of Django’s admin, with its $hasher hasher', ({ hasher, hashFormat }) => {
  let django: SecretSite;
  let reset: Reset;

  beforeAll(async () => {
    django = await startDjango(hasher);
    reset = await createReset({ folder: django.folder, database: django.database, preset: 'django' });
  });
  afterAll(() => django?.stop());

  proveLogin({ peer: () => django, reset: () => reset, hashFormat });
});

describe('a session of Django', () => {
  let django: SecretSite;

  beforeAll(async () => {
    django = await startDjango();
  });
  afterAll(() => django?.stop());

  it('ends with the reset, because it holds a MAC of the hash', async () => {
    const reset = await createReset({ folder: django.folder, database: django.database, preset: 'django' });
    const browser = await django.signIn(firstPassword);
    expect(await django.isSignedIn(browser)).toBe(true);
    expect((await reset.apply(susan.email, 'a password that ends the session')).code).toBe(0);
    expect(await django.isSignedIn(browser)).toBe(false);
  });
});
