import { describe, expect, it } from 'vitest';
import { ask, expectUsersUntouched, openSite } from './limited-site.ts';

describe('the limits of one network address, in a flood', () => {
  it('R50: counts a whole IPv6 customer as well, with a higher limit', async () => {
    const site = await openSite();
    const codes = [];
    for (let count = 0; count < 301; count += 1)
      codes.push((await ask(site, undefined, `2001:db8:1:${count.toString(16)}::1`)).statusCode);
    expect(codes).toEqual([...Array<number>(300).fill(303), 429]);
    expect((await ask(site, undefined, '2001:db8:2::1')).statusCode).toBe(303);
  });

  it('R52: leaves the users table alone, whatever a thousand requests do', () => expectUsersUntouched(1000));

  it('R51, R53: shares the counter between four listeners, loses none of 200 guesses, and keeps it over a restart', async () => {
    const first = await openSite();
    const database = first.app.config.database?.reveal() ?? '';
    const others = [await openSite({ database }), await openSite({ database }), await openSite({ database })];
    const guesses = Array.from({ length: 200 }, (_, index) =>
      [first, ...others][index % 4]!.post('/reset_password/forged', { password: 'a', password2: 'a' }),
    );
    const codes = (await Promise.all(guesses)).map(({ statusCode }) => statusCode);
    expect([400, 429].map((code) => codes.filter((one) => one === code).length)).toEqual([100, 100]);
    const rows = (await first.app.ledger('reset_throttle').whereLike('key', '%guess%')) as {
      points: number;
    }[];
    // Once a listener knows that an address has had enough, it counts no further.
    expect(rows.map(({ points }) => points)).toEqual([
      expect.toSatisfy((points) => points > 100 && points <= 200),
    ]);
    const restarted = await openSite({ database });
    expect(
      (await restarted.post('/reset_password/forged', { password: 'a', password2: 'a' })).statusCode,
    ).toBe(429);
  });
});
