import { createHash } from 'node:crypto';
import { sameText } from '../../values/bytes-equal.ts';
import { describeTable } from '../../db/introspect.ts';
import { ResetError } from '../../errors.ts';
import { defineIssuer, type OpenIssuer, type Person, type Site, type Verdict } from '../issuer.ts';

/** The setting that Ghost mixes into every token. */
const SETTING = 'db_hash';

interface Named {
  /** milliseconds */
  readonly expires: number;
  /** as it was typed when the link was asked for */
  readonly email: string;
}

function write({ expires, email }: Named, { encoded }: Person, dbHash: string): string {
  const hash = createHash('sha256')
    .update(String(expires))
    .update(email.toLowerCase())
    .update(encoded)
    .update(dbHash)
    .digest('base64');
  return Buffer.from([expires, email, hash].join('|')).toString('base64url');
}

function read(token: string): Named | undefined {
  const [, expires, email = ''] =
    /^(\d{13})\|([^|]+)\|[\w+/]{43}=$/.exec(Buffer.from(token, 'base64url').toString()) ?? [];
  return expires === undefined ? undefined : { expires: Number(expires), email };
}

async function readDbHash({ db, schema, qualify }: Site): Promise<string> {
  const info = await describeTable(db, 'settings', schema);
  const there = new Set(info?.columns.map(({ name }) => name));
  const isGhosts = there.has('key') && there.has('value');
  const row = isGhosts
    ? await db(qualify('settings')).where('key', SETTING).first<{ value: unknown } | undefined>('value')
    : undefined;
  if (typeof row?.value === 'string' && row.value !== '') return row.value;
  throw new ResetError(
    'config_invalid',
    `The table settings of this database has no ${SETTING}, which Ghost makes its reset tokens with.`,
  );
}

async function openTokens(site: Site): Promise<OpenIssuer> {
  const dbHash = await readDbHash(site);
  return {
    make: (person, { exp }) => ({
      token: write({ expires: exp * 1000, email: person.email }, person, dbHash),
    }),
    whose(_db, { token = '' }) {
      const named = read(token);
      return Promise.resolve(named && { email: named.email });
    },
    check(_db, person, { token = '' }, now): Promise<Verdict> {
      const named = read(token);
      const isOf = named?.email.toLowerCase() === person.email.toLowerCase();
      if (!named || !isOf || !sameText(write(named, person, dbHash), token))
        return Promise.resolve({ state: 'invalid' });
      const expiresAt = Math.floor(named.expires / 1000);
      return Promise.resolve({ state: named.expires < now ? 'expired' : 'good', issuedAt: null, expiresAt });
    },
  };
}

/** End, address and a digest of both, the stored hash and a setting of the database: its reader can make links. */
export const ghost = defineIssuer({
  name: 'ghost',
  source:
    'TryGhost/Ghost: ghost/core/core/server/services/auth/passwordreset.js; @tryghost/security: lib/tokens.js, lib/url.js',
  secret: null,
  olderSecrets: null,
  columns: [],
  page: '/ghost/reset',
  tail: '/{token}/',
  looks: { token: /^M[\w-]{80,500}$/ },
  lifeMs: 86_400_000,
  lifeSetting: null,
  replaces: false,
  outlivesUse: false,
  unknown: ['whether the admin has an address of its own (admin.url): baseUrl must be that one'],
  open: openTokens,
});
