import { blake2b } from '@noble/hashes/blake2.js';
import type { Db } from '../../db/connect.ts';
import { describeTable } from '../../db/introspect.ts';
import { defineIssuer, type Verdict } from '../issuer.ts';
import { textFromSeed } from '../../values/random-text.ts';
import { sameText } from '../../values/bytes-equal.ts';

/** `db_version` of WordPress 6.8, the first with wp_fast_hash. */
const FAST_SINCE = 60_421;
const FAST_KEY = Buffer.from('wp_fast_hash_6.8+');
const FAST_BYTES = 30;

const fastHash = (key: string): string =>
  `$generic$${Buffer.from(blake2b(Buffer.from(key), { key: FAST_KEY, dkLen: FAST_BYTES })).toString('base64url')}`;

/** 0 if it is unknown, because the users are in a separate table: every version accepts phpass. */
async function readVersion(db: Db, options: string, schema: string | undefined): Promise<number> {
  const info = await describeTable(db, options.slice(options.lastIndexOf('.') + 1), schema);
  if (!info?.columns.some(({ name }) => name === 'option_name')) return 0;
  const row = await db(options)
    .where('option_name', 'db_version')
    .first<{ option_value: string } | undefined>('option_value');
  return Number(row?.option_value ?? 0);
}

/** A random key of 20 letters; the user's row keeps the time and its hash, phpass before 6.8 and BLAKE2b since. */
export const wordpress = defineIssuer({
  name: 'wordpress',
  source: 'WordPress: wp-includes/user.php (get_password_reset_key, check_password_reset_key), wp_fast_hash',
  secret: null,
  olderSecrets: null,
  columns: ['user_activation_key'],
  page: '/wp-login.php',
  tail: '?action=rp&key={token}&login={login}',
  looks: { token: /^[A-Za-z0-9]{20}$/, login: /^.{1,60}$/ },
  lifeMs: 86_400_000,
  lifeSetting: 'the filter password_reset_expiration',
  replaces: true,
  outlivesUse: false,
  unknown: ['whether a plugin changes wp-login.php, or a persistent object cache holds the old row'],
  async open({ db, schema, table, id, hashes, lifeMs }) {
    const options = table.replace(/users$/, 'options');
    const isFast = (await readVersion(db, options, schema)) >= FAST_SINCE;
    const matches = (key: string, encoded: string): Promise<boolean> =>
      encoded.startsWith('$generic$')
        ? Promise.resolve(sameText(fastHash(key), encoded))
        : hashes.phpass.check(key, encoded);
    return {
      make: (person, { seed }) => ({ token: textFromSeed(seed, 20), login: person.username ?? '' }),
      async store(trx, person, { iat }, { token = '' }) {
        const hash = isFast ? fastHash(token) : await hashes.phpass.hash(token);
        await trx(table)
          .where(id, person.id)
          .update({ user_activation_key: `${iat}:${hash}` });
      },
      whose: (_db, { login }) => Promise.resolve(login === undefined ? undefined : { username: login }),
      async check(_db, { columns }, { token = '' }, now): Promise<Verdict> {
        const [, time, encoded = ''] =
          /^(\d+):(.+)$/.exec(String(columns['user_activation_key'] ?? '')) ?? [];
        if (time === undefined || !(await matches(token, encoded))) return { state: 'invalid' };
        const issuedAt = Number(time);
        const expiresAt = issuedAt + lifeMs / 1000;
        return { state: expiresAt * 1000 <= now ? 'expired' : 'good', issuedAt, expiresAt };
      },
      async revoke(trx, person) {
        await trx(table).where(id, person.id).update({ user_activation_key: '' });
      },
    };
  },
});
