import { defineFormat } from '../define-format.ts';
import { chooseIterations, pbkdf2, pbkdf2Rows, readPbkdf2 } from '../kdf/pbkdf2.ts';
import { randomText } from '../../values/random-text.ts';

const SHAPE =
  /^pbkdf2_(?<digest>sha1|sha256)\$(?<iterations>\d{1,8})\$(?<salt>[^$]+)\$(?<key>[A-Za-z0-9+/]+={0,2})$/;
/** Django 5.2's own. */
const USUAL_ITERATIONS = 1_000_000;

/** `pbkdf2_sha256$N$salt$base64`, Django's default; rows in pbkdf2_sha1 get sha256, which every Django reads too. */
export const djangoPbkdf2 = defineFormat('django-pbkdf2', {
  ...pbkdf2Rows,
  read: readPbkdf2(SHAPE, { key: 'base64' }),
  async write(password, row, options) {
    const iterations = chooseIterations(options, row, 'sha256', USUAL_ITERATIONS);
    const salt = randomText(22);
    const key = await pbkdf2(password, salt, iterations, 32, 'sha256');
    return `pbkdf2_sha256$${iterations}$${salt}$${key.toString('base64')}`;
  },
  examples: [
    {
      encoded: 'pbkdf2_sha256$1000000$d7hJueObKac8vZC3eZIjGW$pIEcZVyr/Q3kOz3fCU05KBoQL0pWGGWWcT+aQ7qtbtk=',
      madeBy: 'Django 5.2.18',
    },
    {
      encoded: 'pbkdf2_sha256$260000$E1iTwYDsX5VXeKF10FGsPU$EzDchx28bpkrXCfYlhwmVNF0e5TACgvwrmqk5Fj9G0o=',
      madeBy: 'Django 3.2.25',
    },
    {
      encoded: 'pbkdf2_sha1$1000000$ABGPkvQdGbkdvRf9Wpj5Zq$Deu6TeIZQa+wiKqq/aY/Yo3lxAo=',
      madeBy: 'Django 5.2.18',
    },
  ],
});
