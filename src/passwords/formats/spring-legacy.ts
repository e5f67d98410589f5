import { defineFormat } from '../define-format.ts';
import { bytesEqual } from '../../values/bytes-equal.ts';
import { digest } from '../kdf/digest.ts';
import { repeat } from '../kdf/repeat.ts';

const NOOP = /^\{noop\}(.*)$/s;
const STANDARD = /^\{sha256\}([0-9a-f]{16})([0-9a-f]{64})$/;
const MESSAGE_DIGEST = /^\{(MD5|SHA-1|SHA-256)\}(\{[^}]*\})?([0-9a-f]+)$/;
const STANDARD_ROUNDS = 1024;

/** The encoders that Spring Security calls deprecated: plain text, StandardPasswordEncoder, message digests. Read only. */
export const springLegacy = defineFormat('spring-legacy', {
  read: (encoded: string) => readPlain(encoded) ?? readStandard(encoded) ?? readMessageDigest(encoded),
  matches: async (password, { hash, key }) => bytesEqual(await hash(password), key),
  parameters: ({ digest: name }) => ({ digest: name }),
  examples: [
    {
      password: 'password',
      encoded: '{sha256}97cde38028ad898ebc02e690819fa220e88c62e0699403e94fff291cfffaf8410849f27605abcbc0',
      madeBy: 'Spring Security, reference documentation',
    },
    {
      password: 'password',
      encoded: '{MD5}{thisissalt}2a4e7104c2780098f50ed5a84bb2323d',
      madeBy: 'Spring Security, documentation of MessageDigestPasswordEncoder',
    },
    { password: 'password', encoded: '{noop}password', madeBy: 'Spring Security, reference documentation' },
  ],
});

interface Parts {
  readonly digest: string;
  readonly key: Buffer;
  readonly hash: (password: string) => Promise<Buffer>;
}

/** Digests of both, so that their lengths are equal and the comparison takes no longer for a longer match. */
function readPlain(encoded: string): Parts | undefined {
  const plain = NOOP.exec(encoded)?.[1];
  if (plain === undefined) return undefined;
  const hash = (password: string) => Promise.resolve(digest('sha256', password));
  return { digest: 'none', key: digest('sha256', plain), hash };
}

function readStandard(encoded: string): Parts | undefined {
  const [, salt, key] = STANDARD.exec(encoded) ?? [];
  if (salt === undefined || key === undefined) return undefined;
  const hash = (password: string) =>
    repeat<Buffer>(
      STANDARD_ROUNDS,
      Buffer.concat([Buffer.from(salt, 'hex'), Buffer.from(password)]),
      (bytes) => digest('sha256', bytes),
    );
  return { digest: 'sha256', key: Buffer.from(key, 'hex'), hash };
}

/** The salt is appended with its braces. */
function readMessageDigest(encoded: string): Parts | undefined {
  const [, name, salt = '', key] = MESSAGE_DIGEST.exec(encoded) ?? [];
  if (name === undefined || key === undefined) return undefined;
  const algorithm = name.toLowerCase().replace('-', '');
  const hash = (password: string) => Promise.resolve(digest(algorithm, password + salt));
  return { digest: algorithm, key: Buffer.from(key, 'hex'), hash };
}
