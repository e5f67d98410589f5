import { defineFormat } from '../define-format.ts';
import { md5CryptBody } from '../kdf/md5-crypt.ts';

/** `$1$salt$…` of old Unix systems and routers, and `$apr1$salt$…` of htpasswd: read only. */
export const md5Crypt = defineFormat('md5-crypt', {
  ...md5CryptBody,
  examples: [
    { encoded: '$1$B2StMHne$wPF9Tw4zXqAwigLgPxbbs/', madeBy: 'mkpasswd, whois 5.5.17 with libxcrypt' },
    { encoded: '$apr1$iujJGmv8$8dEVCFX/hCrXJVGwqfm4N/', madeBy: 'htpasswd, Apache 2.4.71' },
    { encoded: '$apr1$Ja2k60MZ$r2SwiPIwU09xoAcmAJqyO1', madeBy: 'passlib 1.7.4' },
  ],
});
