import { expect, it } from 'vitest';
import { firstPassword, longPassword, passwords } from './passwords.ts';
import { susan, type Peer } from './peer.ts';
import type { Reset } from './reset.ts';

interface Proof {
  readonly peer: () => Peer;
  readonly reset: () => Reset;
  /** the format that `reset` must keep or choose; several where it depends on the application's version */
  readonly hashFormat: string | readonly string[];
  /** most bytes that the format keeps; absent: more than any of the four passwords has */
  readonly maxBytes?: number;
  /** its form takes the outer spaces away, so that nobody can have such a password */
  readonly trims?: boolean;
}

/** The user has `firstPassword`. Then one test a password: the peer accepts what `reset apply` wrote, and the password before it no longer. */
export function proveLogin({ peer, reset, hashFormat, maxBytes = Infinity, trims = false }: Proof): void {
  let current: string = firstPassword;

  it('takes the first password', async () => {
    expect(await peer().accepts(firstPassword)).toBe(true);
  });

  const canBeTyped = (password: string) =>
    Buffer.byteLength(password) <= maxBytes && !(trims && password !== password.trim());
  for (const { kind, password } of passwords.filter((one) => canBeTyped(one.password))) {
    it(`takes ${kind}, and the password before no longer`, async () => {
      const applied = await reset().apply(susan.email, password);
      expect(applied.stderr).not.toContain('"error"');
      expect(applied.rows()).toMatchObject([{ status: 'applied', email: susan.email }]);
      expect([hashFormat].flat()).toContain(applied.rows()[0]?.['hashFormat']);
      const old = current;
      current = password;
      expect(await peer().accepts(password)).toBe(true);
      expect(await peer().accepts(old)).toBe(false);
      expect(await peer().accepts(`${password}x`)).toBe(false);
    });
  }

  if (Buffer.byteLength(longPassword) <= maxBytes) return;
  it(`R31: refuses 80 bytes, because the format keeps ${maxBytes}, and the password before stays`, async () => {
    const refused = await reset().apply(susan.email, longPassword);
    expect(refused.code).toBe(8);
    expect(refused.error()).toMatchObject({
      code: 'password_rejected',
      details: { violations: [{ code: 'too_long', params: { maxBytes, bytes: 80 } }] },
    });
    expect(await peer().accepts(current)).toBe(true);
    expect(await peer().accepts(longPassword)).toBe(false);
  });
}
