import { timingSafeEqual } from 'node:crypto';

/** Compares a secret text in constant time (R40). */
export function sameText(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
