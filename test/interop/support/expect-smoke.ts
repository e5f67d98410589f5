import { expect } from 'vitest';
import type { Ran } from '../../helpers/run-reset.ts';
import { firstPassword } from './passwords.ts';
import type { Application } from './peer.ts';
import type { NativeReset } from './native.ts';

/** A run of `reset smoke` through the application's own page, which leaves the user's password as it was. */
export async function expectSmoke(
  site: Pick<Application, 'accepts'>,
  reset: NativeReset,
  lastStep = 'the link works only once',
): Promise<void> {
  const ran = await reset.smoke();
  expect(ran.rows().filter(({ status }) => status !== 'ok')).toEqual([]);
  expect(ran.rows().at(-2)).toMatchObject({ step: lastStep });
  expect(ran.code).toBe(0);
  expect(await site.accepts(firstPassword)).toBe(true);
}

/** A run that must fail, with the words that help; the user's password is as it was. */
export function expectSmokeToFail(
  ran: Ran,
  { code, step, says }: { readonly code: number; readonly step: string; readonly says: readonly string[] },
): void {
  const failed = ran.rows().find(({ status }) => status === 'failed');
  expect({ code: ran.code, step: failed?.['step'] }).toEqual({ code, step });
  for (const words of says) expect(failed?.['message']).toContain(words);
  expect(ran.rows().at(-1)).toMatchObject({ class: 'restore', status: 'ok' });
}
