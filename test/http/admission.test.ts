import { describe, expect, it } from 'vitest';
import { createAdmission } from '../../src/http/admission.ts';

describe('R42: new passwords over HTTP', () => {
  it('are turned away before any work when too many are under way, and let in again afterwards', async () => {
    const admit = createAdmission(2);
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const inside = [admit(() => ended), admit(() => ended)];
    let hasBegun = false;
    const refused = admit(() => Promise.resolve((hasBegun = true)));
    await expect(refused).rejects.toMatchObject({
      code: 'throttled',
      details: { busy: true, retryAfterSeconds: 5 },
    });
    expect(hasBegun).toBe(false);
    end();
    await Promise.all(inside);
    expect(await admit(() => Promise.resolve('done'))).toBe('done');
  });

  it('give their place back when they fail', async () => {
    const admit = createAdmission(1);
    const failure = new TypeError('broken');
    await expect(admit(() => Promise.reject(failure))).rejects.toBe(failure);
    expect(await admit(() => Promise.resolve('done'))).toBe('done');
  });
});
