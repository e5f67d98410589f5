import { ResetError } from '../errors.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** How long a link of ours may live, in milliseconds, whichever door it is asked for at. */
export const LINK_LIFE = { minMs: MINUTE_MS, maxMs: 7 * DAY_MS, words: 'from 1 minute to 7 days' } as const;

/** A lifetime that a program asks for, in milliseconds. Throws usage_invalid for one that `--expires-in` would refuse. */
export function assertLinkLife(askedMs: unknown): void {
  const { minMs, maxMs, words } = LINK_LIFE;
  if (typeof askedMs === 'number' && askedMs >= minMs && askedMs <= maxMs) return;
  throw new ResetError(
    'usage_invalid',
    `expiresInMs must be a number of milliseconds ${words} (${minMs} to ${maxMs}).`,
  );
}
