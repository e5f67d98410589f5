import { ResetError } from '../errors.ts';

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `90s`, `30m`, `24h`, `7d` or whole seconds (also as a number) → milliseconds. Throws usage_invalid. */
export function parseDuration(value: string | number): number {
  const match = /^(\d{1,12})([smhd]?)$/.exec(String(value).trim());
  if (!match) {
    throw new ResetError(
      'usage_invalid',
      `"${String(value)}" is not a duration. Use 90s, 30m, 24h or whole seconds.`,
    );
  }
  const unit = (match[2] === '' ? 's' : match[2]) as keyof typeof UNIT_MS;
  return Number(match[1]) * UNIT_MS[unit];
}
