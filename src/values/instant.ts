import { parseDuration } from './duration.ts';
import { ResetError } from '../errors.ts';

const DATE = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;

/**
 * What `--since` takes: a duration before now (`7d`, `24h`), or a date or time (UTC where it names no zone) →
 * milliseconds since the epoch. Throws usage_invalid.
 */
export function parseSince(value: string, now: number): number {
  const text = value.trim();
  if (/^\d+[smhd]$/.test(text)) return now - parseDuration(text);
  const hasZone = /(?:Z|[+-]\d\d:?\d\d)$/.test(text) && text.includes(':');
  const at = DATE.test(text) ? Date.parse(text.includes(':') && !hasZone ? `${text}Z` : text) : Number.NaN;
  if (Number.isNaN(at)) {
    throw new ResetError(
      'usage_invalid',
      `${JSON.stringify(value)} is not a time. Use 24h, 7d, 2026-11-22 or 2026-11-22T14:00Z.`,
    );
  }
  return at;
}

/** 2026-11-22T14:00:00.123Z → 2026-11-22 14:00:00Z */
export const shortTime = (iso: string): string => `${iso.slice(0, 19).replace('T', ' ')}Z`;
