import { readFileSync } from 'node:fs';
import { identifyFormat } from '../../src/passwords/find-format.ts';
import { formats } from '../../src/passwords/formats/index.ts';
import type { HashFormat } from '../../src/passwords/hash-format.ts';

/** A hash made by real software; salt and parameters are apart where its table keeps them in other columns. */
interface RawVector {
  readonly framework: string;
  readonly version: string;
  readonly format: string;
  readonly password: string;
  readonly hash: string;
  readonly salt?: string;
  readonly algorithm?: string;
  readonly passwd_hash_algo?: string;
  readonly credential_data?: string;
  readonly pepper?: string;
}

interface Vector {
  readonly title: string;
  readonly password: string;
  readonly encoded: string;
  readonly pepper: string | undefined;
}

const file = new URL('../fixtures/hash-vectors.json', import.meta.url);

/** By the beginning of the vector's format: the format whose columns these are, as a preset would name it. */
const COLUMNS: Record<string, string> = {
  gitea: 'gitea',
  keycloak: 'keycloak',
  payload: 'payload-v1',
  discourse: 'discourse',
  redmine: 'redmine',
  symfony: 'symfony-pbkdf2',
};

/** Gitea's unit test of Argon2 with the salt 01020304. */
const SHORT_SALT = 104;

/** Every vector of the fixture as one encoded string. */
const vectors: readonly Vector[] = (JSON.parse(readFileSync(file, 'utf8')) as RawVector[])
  .map((raw, index) => ({
    title: `${index} ${raw.format} of ${raw.framework} ${raw.version}`,
    password: raw.password,
    pepper: raw.pepper,
    encoded: joinColumns(raw),
  }))
  // A salt of four bytes: no library takes it and, as its own note says, no application has one.
  .filter((_vector, index) => index !== SHORT_SALT);

/** A hash that real software made, and the format that reads it. */
export interface KnownHash extends Vector {
  readonly format: HashFormat;
}

const known: readonly KnownHash[] = [
  ...vectors.map((vector) => ({ ...vector, format: identifyFormat(vector.encoded)! })),
  ...formats.flatMap((format: HashFormat) =>
    format.examples
      .map(({ madeBy, ...example }, index) => ({
        ...example,
        title: `${format.name}, example ${index}, of ${madeBy}`,
        pepper: example.pepper,
        format,
      }))
      // Only a lookalike may verify a vector a second time.
      .filter(
        ({ encoded }) => format.reads !== undefined || !vectors.some((each) => each.encoded === encoded),
      ),
  ),
];

const parametersOf = ({ format, encoded }: KnownHash) => Object.entries(format.summary(encoded).parameters);

/** Format, parameters that are words, and the names of those that are numbers. */
const kindOf = (hash: KnownHash): string =>
  JSON.stringify([
    hash.format.name,
    parametersOf(hash).map(([name, value]) => [name, typeof value === 'string' && value]),
  ]);

/** In arbitrary units, for hashes of one kind. */
const workOf = (hash: KnownHash): number =>
  parametersOf(hash).reduce(
    (work, [, value]) => work * (typeof value === 'number' ? Math.max(1, value) : 1),
    1,
  );

const byWork = [...known].sort((a, b) => workOf(a) - workOf(b));
const isQuickest = (hash: KnownHash): boolean =>
  byWork.find((each) => kindOf(each) === kindOf(hash)) === hash;

/** The quickest hash of each kind: hashes are slow by design. */
export const quickHashes = byWork.filter(isQuickest);

/** All others, for the full tier. */
export const slowHashes = byWork.filter((hash) => !isQuickest(hash));

/** Salts and digests: what is long and has digits in it. */
export const secretsOf = (encoded: string): string[] =>
  (encoded.match(/[A-Za-z0-9+/.]{20,}/g) ?? []).filter((part) => /\d/.test(part));

function joinColumns(raw: RawVector): string {
  if (raw.salt === undefined && raw.credential_data === undefined) return raw.hash;
  const name = COLUMNS[raw.format.split(':')[0] ?? ''];
  const format: HashFormat | undefined = formats.find((entry) => entry.name === name);
  const joined = format?.columns?.join({
    hash: raw.hash,
    salt: raw.salt ?? null,
    algorithm: raw.algorithm ?? raw.passwd_hash_algo ?? null,
    secret: raw.hash,
    credential: raw.credential_data ?? null,
  });
  return joined ?? '';
}
