import { expect, it } from 'vitest';
import { eachDatabase } from '../../helpers/databases.ts';
import { makeSetup } from '../../helpers/run-reset.ts';
import { postForm, startServe } from '../../helpers/start-reset.ts';

const PROCESSES = 4;

/** How often each status came. */
function tally(answers: readonly Response[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

eachDatabase('four listeners on one database', (open) => {
  it('R51: count every one of 200 guesses and 120 typed addresses that come at once, and let the limit through', async () => {
    const { db, url } = await open();
    const setup = await makeSetup({ database: url });
    const listeners = await Promise.all(Array.from({ length: PROCESSES }, () => startServe(setup)));
    const postAtOnce = async (count: number, path: string, fields: Record<string, string>) =>
      tally(
        await Promise.all(
          Array.from({ length: count }, (_, index) =>
            postForm(`${listeners[index % PROCESSES]!.url}${path}`, fields),
          ),
        ),
      );

    const guess = { password: 'a', password2: 'a' };
    expect(await postAtOnce(200, '/reset_password/forged', guess)).toEqual({ 400: 100, 429: 100 });
    const typed = { email: 'nobody@example.com' };
    expect(await postAtOnce(120, '/reset_password_request', typed)).toEqual({ 303: 30, 429: 90 });

    const rows = (await db('reset_throttle').select('key', 'points')) as { key: string; points: number }[];
    const counted = Object.fromEntries(rows.map(({ key, points }) => [key, points]));
    // Once a listener knows that an address has had enough, it counts no further.
    expect(counted['100/600:guess:127.0.0.1']).toBeGreaterThan(100);
    expect(counted['30/60:request:127.0.0.1']).toBeGreaterThan(30);
    for (const { stop } of listeners) expect(await stop()).toBe(0);
  });
});
