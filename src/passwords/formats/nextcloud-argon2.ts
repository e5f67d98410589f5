import { defineFormat } from '../define-format.ts';
import { argon2Parameters, hashArgon2, isWeakArgon2, matchesArgon2, readArgon2 } from '../kdf/argon2.ts';

const SHAPE = /^([23])\|(.*)$/;

/** Nextcloud's Hasher: `3|` and argon2id, or `2|` and argon2i, in PHP's spelling. */
export const nextcloudArgon2 = defineFormat({
  name: 'nextcloud-argon2',
  read(encoded: string) {
    const [, generation, inner = ''] = SHAPE.exec(encoded) ?? [];
    const parts = readArgon2(inner);
    return parts && generation !== undefined ? { ...parts, generation } : undefined;
  },
  matches: matchesArgon2,
  write: async (password, row, options) =>
    `${row?.generation ?? '3'}|${await hashArgon2(password, row, options)}`,
  isWeak: isWeakArgon2,
  parameters: argon2Parameters,
  examples: [
    {
      password: 'correct horse battery staple',
      encoded:
        '3|$argon2id$v=19$m=65536,t=4,p=1$VGFRN2dVcW1xUG5Ld281bQ$0BC5ihJPw27r2kwg8oFZZIHqH5ZK5QqyRJ4mxxKMlaA',
      madeBy: "Nextcloud's Hasher.php, PHP 8.4.27",
    },
    {
      password: 'password',
      encoded:
        '2|$argon2i$v=19$m=1024,t=2,p=2$T3JGcEkxVFNOVktNSjZUcg$4/hyLtSejxNgAuzSFFV/HLM3qRQKBwEtKw61qPN4zWA',
      madeBy: 'Nextcloud, HasherTest.php',
    },
    {
      password: 'nextcloud.com',
      encoded:
        '2|$argon2id$v=19$m=65536,t=4,p=1$VGhGL05rcUI3d3k3WVhibQ$CSy0ShUnamZQhu8oeZfUTTd/S3z966zuQ/uz1Y80Rss',
      madeBy: 'Nextcloud, HasherTest.php',
    },
  ],
});
