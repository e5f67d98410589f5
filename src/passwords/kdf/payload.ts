import { randomBytes } from 'node:crypto';
import { defineColumns, readSalted } from '../columns.ts';
import { defineFormat, type Examples } from '../define-format.ts';
import type { HashFormat } from '../hash-format.ts';
import { bytesEqual } from '../../values/bytes-equal.ts';
import { pbkdf2 } from './pbkdf2.ts';

const columns = defineColumns('payload', ['salt', 'hash']);

/** One generation of Payload's hashes: its cost is not in the columns, both sides know it. */
interface PayloadHash extends Examples {
  /** of the column `hash`, with the hexadecimal key as its group */
  readonly shape: RegExp;
  /** before the key */
  readonly prefix: string;
  readonly iterations: number;
  readonly keyBytes: number;
  readonly isWeak: boolean;
}

/** Payload CMS: the column `salt`, whose hexadecimal text is the salt, and `hash`. */
export function payloadFormat(
  name: string,
  { shape, prefix, iterations, keyBytes, isWeak, examples }: PayloadHash,
): HashFormat {
  const derive = (password: string, salt: string) => pbkdf2(password, salt, iterations, keyBytes, 'sha256');
  return defineFormat(name, {
    examples,
    columns,
    read: (encoded: string) => readSalted(columns, encoded, shape, 'hex'),
    matches: async (password, { salt, key }) => bytesEqual(await derive(password, salt), key),
    async write(password) {
      const salt = randomBytes(32).toString('hex');
      return ['payload', salt, prefix + (await derive(password, salt)).toString('hex')].join('$');
    },
    isWeak: () => isWeak,
    parameters: () => ({ digest: 'sha256', iterations }),
  });
}
