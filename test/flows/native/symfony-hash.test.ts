import { expect, it } from 'vitest';
import { symfony } from '../../../src/native/issuers/symfony.ts';
import type { Person } from '../../../src/native/issuer.ts';
import { tokenHashes } from '../../../src/passwords/token-hashes.ts';
import { createTestApp } from '../../helpers/create-test-app.ts';

it('the row keeps the hash that ResetPasswordTokenGenerator 1.25 makes of the same verifier, user and end', async () => {
  const { app, close } = await createTestApp();
  const db = app.usersDb;
  await db.schema.createTable('reset_password_request', (table) => {
    table.increments('id');
    table.integer('user_id');
    for (const name of ['selector', 'hashed_token', 'requested_at', 'expires_at']) table.string(name);
  });
  const opened = await symfony.open({
    db,
    table: 'users',
    id: 'id',
    schema: undefined,
    qualify: (table) => table,
    secret: 'the APP_SECRET of this site',
    olderSecrets: [],
    digest: 'sha256',
    timeZone: 'Europe/Paris',
    lifeMs: symfony.lifeMs,
    hashes: tokenHashes,
  });
  const person: Person = { id: '7', email: 'susan@example.com', username: null, encoded: '', columns: {} };
  const parts = { token: 'Selector0123456789abVerifier0123456789ab' };
  const exp = 1_795_363_200;
  await opened.store?.(db, person, { iat: exp - 3600, exp, seed: Buffer.alloc(96) }, parts);
  const [row] = await db<{ selector: string; hashed_token: string; expires_at: string }>(
    'reset_password_request',
  );
  expect(row).toMatchObject({
    selector: 'Selector0123456789ab',
    hashed_token: '9F7QdlWyto7lSKbDNAj5Z3zBwgP8PvwyPJ49OwiQFv8=',
    expires_at: '2026-11-22 17:00:00',
  });
  const state = async (given: Person, now: number) =>
    (await opened.check(db, given, parts, now * 1000)).state;
  expect(await state(person, exp - 1)).toBe('good');
  expect(await state(person, exp)).toBe('expired');
  expect(await state({ ...person, id: '8' }, exp - 1)).toBe('invalid');
  await close();
});
