import { defineFormat } from '../define-format.ts';
import { bytesEqual } from '../../values/bytes-equal.ts';
import { digest, readSaltedDigest, saltHmac } from '../kdf/digest.ts';

const SHAPE = /^(md5|sha1)\$([^$]*)\$([0-9a-f]{32}|[0-9a-f]{40})$/;

/**
 * Django's MD5 and SHA1 hashers, `sha1$salt$hex`, with or without salt, and Werkzeug's strings of the same look, which
 * are an HMAC under the salt: both are tried. Read only.
 */
export const djangoLegacy = defineFormat('django-legacy', {
  read: readSaltedDigest(SHAPE),
  matches(password, { algorithm, salt, key }) {
    const candidates = [digest(algorithm, salt + password), saltHmac(algorithm, salt, password)];
    return Promise.resolve(candidates.some((candidate) => bytesEqual(candidate, key)));
  },
  parameters: ({ algorithm }) => ({ digest: algorithm }),
  examples: [
    { encoded: 'md5$dYwaBDUz0qrtLJiq4GsYOf$0c0bebbeaf7a7f5bcc01ed299d26ab8a', madeBy: 'Django 3.2.25' },
    {
      encoded: 'sha1$6qsK90S3QnyLsAqRpHZkWl$134eae55a4c49765cb88c11014ed7fcf22594ac8',
      madeBy: 'Django 3.2.25',
    },
    { encoded: 'sha1$$abf7aad6438836dbe526aa231abde2d0eef74d42', madeBy: 'Django 3.2.25' },
    { encoded: 'sha1$hIBw71i2HmJn3U41$4bb6f4aa51eff166d735df9938b513917016babf', madeBy: 'Werkzeug 2.2.2' },
    { encoded: 'md5$9oJ1LaE5QUJYxtJF$9c88b8f349789e63b382bbccb8ab226d', madeBy: 'Werkzeug 2.2.2' },
  ],
});
