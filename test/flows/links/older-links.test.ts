import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { resendLink } from '../../../src/flows/links/resend-link.ts';
import { verifyResetToken } from '../../../src/flows/links/verify-reset-token.ts';
import { extractToken } from '../../../src/tokens/extract-token.ts';
import { applyToken } from '../../helpers/apply-token.ts';
import { createTestApp, type TestApp } from '../../helpers/create-test-app.ts';

const email = 'susan@example.com';
const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

let test: TestApp;
let older: string;

/** A link as a release made it before links were short, with the row that it left. */
beforeEach(async () => {
  test = await createTestApp();
  const userId = await test.addUser({ email });
  const { password_hash: encoded } = (await test.app.usersDb('users').first()) as { password_hash: string };
  const { signing, fingerprint, olderKid: kid } = (await test.app.keyring()).current;
  const fp = createHmac('sha256', fingerprint)
    .update([userId, encoded, email].map((field) => `${field.length}:${field}`).join(''))
    .digest('base64url');
  const [jti, iat] = ['AAECAwQFBgcICQoLDA0ODw', Math.floor(Date.now() / 1000) - 60];
  const exp = iat + 3600;
  const claims = { iss: 'resetctl', aud: 'password-reset', sub: userId, jti, iat, nbf: iat, exp, fp };
  const content = `${base64({ alg: 'HS256', typ: 'pwreset+jwt', kid })}.${base64(claims)}`;
  older = `${content}.${createHmac('sha256', signing).update(content).digest('base64url')}`;
  const row = { jti, request_id: 'f'.repeat(32), user_id: userId, kid, iat, exp, fp, state: 'live' };
  await test.app.ledger('reset_tokens').insert(row);
});
afterEach(() => test.close());

const apply = () =>
  applyToken(test.app, {
    token: older,
    password: 'correct horse battery staple',
    actor: { kind: 'web', name: '192.0.2.1' },
  });

it('a link that is out already sets the password, once', async () => {
  expect((await verifyResetToken(test.app, older)).user.email).toBe(email);
  expect(await apply()).toMatchObject({ status: 'applied' });
  await expect(apply()).rejects.toMatchObject({ code: 'token_used' });
});

it('dies with another password, as new ones do', async () => {
  await test.app.usersDb('users').update({ password_hash: '$2b$04$somebody.has.changed.it' });
  await expect(apply()).rejects.toMatchObject({ code: 'token_revoked' });
});

it('is mailed again letter for letter', async () => {
  await resendLink(test.app, { identifier: { email }, actor: test.app.operator, force: true });
  const [mail] = await test.mailbox!.waitFor(1);
  expect(extractToken(mail?.parsed.text ?? '')).toBe(older);
});
