import { createHmac } from 'node:crypto';
import { sameText } from '../values/bytes-equal.ts';
import type { Key, Keyring } from './keyring.ts';

/** Which mail a bounce is about: its row, and the request that only the row knows. */
export interface Tagged {
  readonly id: number;
  readonly requestId: string;
}

/** 80 bits: more than anybody can guess by sending mails. */
const DIGITS = 20;

/** `4711.0f1e…`: digits, hexadecimal letters and a dot alone, because mail servers may change the case of the rest. */
export const bounceTag = (key: Key, { id, requestId }: Tagged): string =>
  `${id}.${createHmac('sha256', key.bounce).update(`${id}:${requestId}`).digest('hex').slice(0, DIGITS)}`;

/** The row that a tag names, whoever wrote it; undefined: it has no such form. */
export function rowOfTag(tag: string): number | undefined {
  const [, id] = /^(\d{1,15})\.[0-9a-f]{20}$/i.exec(tag) ?? [];
  return id === undefined ? undefined : Number(id);
}

/** Did one of our keys make this tag for this row? Compared in constant time (R40). */
export const matchesBounceTag = ({ all }: Keyring, tagged: Tagged, tag: string): boolean =>
  [...new Set(all.values())].some((key) => sameText(bounceTag(key, tagged), tag.toLowerCase()));
