import type { Db } from '../../src/db/connect.ts';
import type { Issuer, Person, Site } from '../../src/native/issuer.ts';
import { tokenHashes } from '../../src/passwords/token-hashes.ts';

/** For forms that ask no database. */
export const noDatabase = undefined as unknown as Db;

/** Seconds: 2026-11-22 15:00 UTC, when the known answers were made. */
export const iat = Date.UTC(2026, 10, 22, 15, 0, 0) / 1000;

/** Whom they were made for. */
export const susan: Person = {
  id: '7',
  email: 'susan@example.com',
  username: 'susan',
  encoded: 'pbkdf2_sha256$260000$abc$def',
  columns: { last_login: null },
};

/** An issuer at a site with the secret of the known answers, unless `settings` say otherwise. */
export const openIssuer = (issuer: Issuer, settings: Partial<Site> = {}) =>
  issuer.open({
    db: noDatabase,
    table: 'users',
    id: 'id',
    schema: undefined,
    qualify: (table) => table,
    secret: 'the SECRET_KEY of this site',
    olderSecrets: [],
    digest: 'sha256',
    timeZone: 'UTC',
    lifeMs: issuer.lifeMs,
    hashes: tokenHashes,
    ...settings,
  });
