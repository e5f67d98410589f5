import { randomBytes } from 'node:crypto';
import { defineBody } from '../hash-body.ts';
import { chooseCost, wantedNumber } from '../parameters.ts';
import { bytesEqual } from '../../values/bytes-equal.ts';
import { pbkdf2, PBKDF2_FLOOR } from './pbkdf2.ts';

const BYTES = { sha1: 20, sha256: 32, sha512: 64 } as const;
const SHAPE = /^(\d{1,8})\$([A-Za-z0-9./]*)\$([A-Za-z0-9./]+)$/;

export type PasslibDigest = keyof typeof BYTES;

/** `N$salt$key` in passlib's base64, behind `$pbkdf2-sha256$` and its sisters or an LDAP scheme. */
export const passlibPbkdf2Body = (algorithm: PasslibDigest, usual: number = PBKDF2_FLOOR[algorithm]) =>
  defineBody({
    read(encoded: string) {
      const [, iterations, salt, text = ''] = SHAPE.exec(encoded) ?? [];
      const key = decode(text);
      if (salt === undefined || key.length !== BYTES[algorithm]) return undefined;
      return { iterations: Number(iterations), salt: decode(salt), key };
    },
    async matches(password, { iterations, salt, key }) {
      return bytesEqual(await pbkdf2(password, salt, iterations, key.length, algorithm), key);
    },
    async write(password, row, options) {
      const wanted = wantedNumber(options, 'iterations');
      const iterations = chooseCost(wanted, row?.iterations, PBKDF2_FLOOR[algorithm], usual);
      const salt = randomBytes(16);
      const key = await pbkdf2(password, salt, iterations, BYTES[algorithm], algorithm);
      return [iterations, encodePasslib(salt), encodePasslib(key)].join('$');
    },
    isWeak: ({ iterations }) => iterations < PBKDF2_FLOOR[algorithm],
    parameters: ({ iterations }) => ({ digest: algorithm, iterations }),
  });

/** Standard base64 with `.` for `+` and without padding. */
const encodePasslib = (bytes: Buffer): string =>
  bytes.toString('base64').replaceAll('+', '.').replace(/=+$/, '');
const decode = (text: string): Buffer => Buffer.from(text.replaceAll('.', '+'), 'base64');
