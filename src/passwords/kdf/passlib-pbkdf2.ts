import { randomBytes } from 'node:crypto';
import { defineBody } from '../hash-body.ts';
import { chooseIterations, pbkdf2, PBKDF2_FLOOR, pbkdf2Rows } from './pbkdf2.ts';

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
      return { digest: algorithm, iterations: Number(iterations), salt: decode(salt), key };
    },
    matches: pbkdf2Rows.matches,
    async write(password, row, options) {
      const iterations = chooseIterations(options, row, algorithm, usual);
      const salt = randomBytes(16);
      const key = await pbkdf2(password, salt, iterations, BYTES[algorithm], algorithm);
      return [iterations, encodePasslib(salt), encodePasslib(key)].join('$');
    },
    isWeak: ({ iterations }) => iterations < PBKDF2_FLOOR[algorithm],
    parameters: pbkdf2Rows.parameters,
  });

/** Standard base64 with `.` for `+` and without padding. */
const encodePasslib = (bytes: Buffer): string =>
  bytes.toString('base64').replaceAll('+', '.').replace(/=+$/, '');
const decode = (text: string): Buffer => Buffer.from(text.replaceAll('.', '+'), 'base64');
