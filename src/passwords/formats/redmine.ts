import { randomBytes } from 'node:crypto';
import { defineColumns, readSalted } from '../columns.ts';
import { defineFormat } from '../define-format.ts';
import { bytesEqual } from '../../values/bytes-equal.ts';
import { digest, hexDigest } from '../kdf/digest.ts';

const columns = defineColumns('redmine', ['salt', 'hash']);

/** Redmine: sha1(salt + sha1(password)) in the columns `hashed_password` and `salt`. It knows nothing better. */
export const redmine = defineFormat('redmine', {
  columns,
  read: (encoded: string) => readSalted(columns, encoded, /^([0-9a-f]{40})$/, 'hex'),
  matches: (password, { salt, key }) => Promise.resolve(bytesEqual(derive(password, salt), key)),
  write(password) {
    const salt = randomBytes(16).toString('hex');
    return Promise.resolve(['redmine', salt, derive(password, salt).toString('hex')].join('$'));
  },
  isWeak: () => true,
  parameters: () => ({ digest: 'sha1' }),
  examples: [
    {
      encoded: 'redmine$26aea5f014b44b63bb28a9f973519b4b$11336f23a04d4ef6297fd1079e5bcad0159b25a3',
      madeBy: "Redmine's user.rb (890812e49)",
    },
  ],
});

const derive = (password: string, salt: string): Buffer => digest('sha1', salt + hexDigest('sha1', password));
