import { randomBytes } from 'node:crypto';
import { defineFormat } from '../define-format.ts';
import { bytesEqual } from '../../values/bytes-equal.ts';
import { isWeakPbkdf2, pbkdf2, PBKDF2_FLOOR } from '../kdf/pbkdf2.ts';
import { chooseCost, wantedNumber } from '../parameters.ts';

const SHAPE = /^\$pbkdf2-sha512\$(\d{1,8})\$([A-Za-z0-9./]+)\$([A-Za-z0-9./]{86})$/;
/** Odoo's own since 17. */
const USUAL_ITERATIONS = 600_000;

/** `$pbkdf2-sha512$N$salt$key` in passlib's base64: Odoo, pbkdf2_elixir, GitLab in FIPS mode. */
export const passlibPbkdf2Sha512 = defineFormat({
  name: 'passlib-pbkdf2-sha512',
  read(encoded: string) {
    const [, iterations, salt, key] = SHAPE.exec(encoded) ?? [];
    if (salt === undefined || key === undefined) return undefined;
    return { iterations: Number(iterations), salt: decode(salt), key: decode(key) };
  },
  async matches(password, { iterations, salt, key }) {
    return bytesEqual(await pbkdf2(password, salt, iterations, key.length, 'sha512'), key);
  },
  async write(password, row, options) {
    const wanted = wantedNumber(options, 'iterations');
    const iterations = chooseCost(wanted, row?.iterations, PBKDF2_FLOOR.sha512, USUAL_ITERATIONS);
    const salt = randomBytes(16);
    const key = await pbkdf2(password, salt, iterations, 64, 'sha512');
    return `$pbkdf2-sha512$${iterations}$${encode(salt)}$${encode(key)}`;
  },
  isWeak: ({ iterations }) => isWeakPbkdf2('sha512', iterations),
  parameters: ({ iterations }) => ({ digest: 'sha512', iterations }),
  examples: [
    {
      password: 'correct horse battery staple',
      encoded:
        '$pbkdf2-sha512$600000$xjinVCqldA4hRGjt3fv/Hw$1tM/S/DP5rSGK.ACNq6TI8qkvDpipS7wZDxZMNoRh1IQuT36rsiIXTcPELVXawe41B9YFSkzghjgtum7q1Ye7Q',
      madeBy: 'passlib 1.9.3, as Odoo 18 calls it',
    },
    {
      password: 'correct horse battery staple',
      encoded:
        '$pbkdf2-sha512$25000$plSq1bqX8v4fA.D8P2csBQ$yQtFnEBeg2hwl05rk/XOsGtou5c80qX5FbPFulxjvdvgnP9MbFN9T0uxbUtwHHM.UnNxhfFupYaxKuYeUIWBcA',
      madeBy: 'passlib 1.9.3',
    },
    {
      password: 'correct horse battery staple',
      encoded:
        '$pbkdf2-sha512$160000$SekOrgSPBDYfiOwu7pHebw$1OFZG0PxcF0.ymsuaHXzsHkl3n2vEmUpB8Lz1B2C61P9apzjf/byfq7qNcnJrxGI9aU9IEJKKcaoyxkpf3stNw',
      madeBy: 'pbkdf2_elixir 2.3.1',
    },
  ],
});

/** Standard base64 with `.` for `+` and without padding. */
const encode = (bytes: Buffer): string => bytes.toString('base64').replaceAll('+', '.').replace(/=+$/, '');
const decode = (text: string): Buffer => Buffer.from(text.replaceAll('.', '+'), 'base64');
