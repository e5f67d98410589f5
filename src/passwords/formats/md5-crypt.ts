import { defineFormat } from '../define-format.ts';
import { md5CryptBody } from '../kdf/md5-crypt.ts';

/** `$1$salt$…` of old Unix systems and routers, and `$apr1$salt$…` of htpasswd: read only. */
export const md5Crypt = defineFormat({
  ...md5CryptBody,
  name: 'md5-crypt',
  examples: [
    {
      password: 'correct horse battery staple',
      encoded: '$1$B2StMHne$wPF9Tw4zXqAwigLgPxbbs/',
      madeBy: 'mkpasswd, whois 5.5.17 with libxcrypt',
    },
    {
      password: 'correct horse battery staple',
      encoded: '$apr1$iujJGmv8$8dEVCFX/hCrXJVGwqfm4N/',
      madeBy: 'htpasswd, Apache 2.4.71',
    },
    {
      password: 'correct horse battery staple',
      encoded: '$apr1$Ja2k60MZ$r2SwiPIwU09xoAcmAJqyO1',
      madeBy: 'passlib 1.7.4',
    },
  ],
});
