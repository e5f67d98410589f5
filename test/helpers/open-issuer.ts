import type { Db } from '../../src/db/connect.ts';
import type { Issuer, OpenIssuer, Person, Site } from '../../src/native/issuer.ts';
import { tokenHashes } from '../../src/passwords/token-hashes.ts';

/** 22 November 2026, 15:00 UTC: when the recorded tokens were made, in milliseconds. */
export const madeAt = Date.UTC(2026, 10, 22, 15, 0, 0);

/** Whom they were made for. */
export const userSeven: Person = {
  id: '7',
  email: 'susan@example.com',
  username: 'susan',
  encoded: 'pbkdf2_sha256$260000$abc$def',
  columns: { last_login: null, fs_uniquifier: 'f00d'.repeat(8) },
};

export const noDatabase = undefined as unknown as Db;
/** Their SECRET_KEY. */
export const siteSecret = 'the SECRET_KEY of this site';

/** An issuer at a site that has the usual settings, and no database that it could ask. */
export const openIssuer = (issuer: Issuer, settings: Partial<Site> = {}): Promise<OpenIssuer> =>
  issuer.open({
    db: noDatabase,
    table: 'users',
    id: 'id',
    schema: undefined,
    qualify: (table) => table,
    secret: siteSecret,
    olderSecrets: [],
    digest: 'sha256',
    timeZone: 'UTC',
    lifeMs: issuer.lifeMs,
    hashes: tokenHashes,
    ...settings,
  });
