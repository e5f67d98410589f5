import { createHash, createHmac } from 'node:crypto';

/** django.utils.crypto.salted_hmac with SHA-256: the HMAC key is the hash of salt and secret. */
export function djangoHmac(salt: string, value: string, secret: string): Buffer {
  const key = createHash('sha256').update(salt).update(secret).digest();
  return createHmac('sha256', key).update(value).digest();
}
