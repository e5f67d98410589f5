import { defineColumns } from '../columns.ts';
import { defineFormat } from '../define-format.ts';
import { readBcrypt, verifyBcrypt } from '../kdf/bcrypt.ts';

const columns = defineColumns('gitea', ['salt', 'algorithm', 'hash']);

/** Gitea with `PASSWORD_HASH_ALGO = bcrypt`, which leaves the column `salt` unused. Read only: it reads PBKDF2 too. */
export const giteaBcrypt = defineFormat('gitea-bcrypt', {
  columns,
  read(encoded: string) {
    const { algorithm, hash } = columns.read(encoded) ?? { algorithm: '', hash: '' };
    const parts = /^bcrypt(\$\d+)?$/.test(algorithm) ? readBcrypt(hash) : undefined;
    return parts && { ...parts, hash };
  },
  matches: (password, { hash }) => verifyBcrypt(password, hash),
  parameters: ({ prefix, cost }) => ({ prefix, cost }),
  examples: [
    {
      encoded:
        'gitea$6e59e08b7a158b55485239d6dc12eaa6$bcrypt%2410$%242a%2410%24D2tzkcpRWi1cFurEl297wuT0lSDePzU7kJxAPpxbsGZzmHb.xn2j.',
      madeBy: 'golang.org/x/crypto 0.58.0, which Gitea calls',
    },
  ],
});
