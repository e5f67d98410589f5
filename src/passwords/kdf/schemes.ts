import type { HashBody } from '../hash-body.ts';
import type { HashOptions } from '../hash-format.ts';
import { argon2Body } from './argon2.ts';
import { bcryptBody } from './bcrypt.ts';
import { dovecotPbkdf2Body } from './dovecot-pbkdf2.ts';
import { md5CryptBody } from './md5-crypt.ts';
import { passlibPbkdf2Body } from './passlib-pbkdf2.ts';
import { saltedDigestBody, type PlainDigest, type TextEncoding } from './salted-digest.ts';
import { shaCryptBody } from './sha-crypt.ts';

/** What stands behind `{SCHEME}`, read. */
export interface SchemeText {
  matches(password: string): Promise<boolean>;
  /** a new one with these parameters or more; absent where it must not be written */
  readonly renew: ((password: string, options: HashOptions) => Promise<string>) | undefined;
  readonly isWeak: boolean;
  readonly parameters: Readonly<Record<string, string | number>>;
}

/** One kind of text that a scheme may hold. */
interface SchemeBody {
  open(text: string): SchemeText | undefined;
  /** a new one where there is no row to go by */
  write(password: string, options: HashOptions): Promise<string>;
  /** the scheme under which a new one is written, where this kind must not be written */
  readonly renewedAs?: string;
}

function kind<Parts>(body: HashBody<Parts>, renewedAs?: string): SchemeBody {
  const { read, matches, write, isWeak, parameters } = body;
  return {
    open(text) {
      const parts = read(text);
      if (parts === undefined) return undefined;
      return {
        matches: (password) => matches(password, parts),
        renew:
          write && renewedAs === undefined
            ? (password, options) => write(password, parts, options)
            : undefined,
        isWeak: isWeak?.(parts) ?? true,
        parameters: parameters(parts),
      };
    },
    write: (password, options) => write?.(password, undefined, options) ?? Promise.resolve(''),
    ...(renewedAs !== undefined && { renewedAs }),
  };
}

const bcrypt = bcryptBody({ usual: { cost: 12, prefix: '2y' } });
const sha256 = shaCryptBody('sha256');
const sha512 = shaCryptBody('sha512');

/** Schemes of Dovecot, OpenLDAP, passlib and htpasswd. Left out: those that other log-ins of the server need (CRAM-MD5, PLAIN). */
const SCHEMES: Readonly<Record<string, readonly SchemeBody[]>> = {
  'BLF-CRYPT': [kind(bcrypt)],
  'SHA512-CRYPT': [kind(sha512)],
  'SHA256-CRYPT': [kind(sha256)],
  'MD5-CRYPT': [kind(md5CryptBody, 'SHA512-CRYPT')],
  CRYPT: [kind(sha512), kind(sha256), kind(bcrypt), kind(md5CryptBody, 'CRYPT')],
  ARGON2: [kind(argon2Body())],
  ARGON2I: [kind(argon2Body())],
  ARGON2ID: [kind(argon2Body())],
  PBKDF2: [kind(dovecotPbkdf2Body), kind(passlibPbkdf2Body('sha1'))],
  'PBKDF2-SHA256': [kind(passlibPbkdf2Body('sha256'))],
  'PBKDF2-SHA512': [kind(passlibPbkdf2Body('sha512'))],
  MD5: [kind(md5CryptBody, 'SHA512-CRYPT')],
};

/** Digests without a salt, and MD5, are replaced by the nearest that has a salt and that the same servers read. */
const DIGESTS: Readonly<
  Record<string, { digest: PlainDigest; isSalted: boolean; isHex?: true; renewedAs?: string }>
> = {
  SHA: { digest: 'sha1', isSalted: false, renewedAs: 'SSHA' },
  SHA1: { digest: 'sha1', isSalted: false, renewedAs: 'SSHA' },
  SHA256: { digest: 'sha256', isSalted: false, renewedAs: 'SSHA256' },
  SHA512: { digest: 'sha512', isSalted: false, renewedAs: 'SSHA512' },
  SSHA: { digest: 'sha1', isSalted: true },
  SSHA256: { digest: 'sha256', isSalted: true },
  SSHA512: { digest: 'sha512', isSalted: true },
  MD5: { digest: 'md5', isSalted: false, renewedAs: 'SSHA' },
  SMD5: { digest: 'md5', isSalted: true, renewedAs: 'SSHA' },
  'LDAP-MD5': { digest: 'md5', isSalted: false, renewedAs: 'SSHA' },
  'PLAIN-MD5': { digest: 'md5', isSalted: false, isHex: true, renewedAs: 'SSHA' },
};

/** Which kinds of text a scheme's name stands for; none for a name that is not known. */
export function bodiesOf(scheme: string, suffix: string | undefined): readonly SchemeBody[] {
  const own = suffix === undefined && Object.hasOwn(SCHEMES, scheme) ? (SCHEMES[scheme] ?? []) : [];
  const plain = Object.hasOwn(DIGESTS, scheme) ? DIGESTS[scheme] : undefined;
  if (!plain) return own;
  const encoding: TextEncoding =
    suffix === 'HEX' || (suffix === undefined && plain.isHex === true) ? 'hex' : 'base64';
  return [...own, kind(saltedDigestBody(plain.digest, encoding, plain.isSalted), plain.renewedAs)];
}
