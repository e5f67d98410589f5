import { defineFormat } from '../define-format.ts';
import { withTag } from '../hash-body.ts';
import { argon2Body } from '../kdf/argon2.ts';

/** Nextcloud's Hasher: `3|` and argon2id, or `2|` and argon2i, in PHP's spelling. */
export const nextcloudArgon2 = defineFormat('nextcloud-argon2', {
  ...withTag(/^([23]\|)(.*)$/, '3|', argon2Body()),
  examples: [
    {
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
