import { createHmac } from 'node:crypto';
import { deriveKey } from '../derive-key.ts';
import { readInstant, toInstantText } from '../instant-text.ts';
import { defineIssuer, type Verdict } from '../issuer.ts';
import { sameText } from '../../values/bytes-equal.ts';

/** ActiveSupport::KeyGenerator's own number. */
const PASSES = 2 ** 16;
/** Devise.friendly_token avoids what people confuse. */
const PLAIN: Readonly<Record<string, string>> = { l: 's', I: 'x', O: 'y', 0: 'z' };

/** A random token; the row keeps its HMAC under a key that comes from secret_key_base. */
export const devise = defineIssuer({
  name: 'devise',
  source:
    'heartcombo/devise: lib/devise/token_generator.rb, lib/devise/models/recoverable.rb, lib/devise/rails.rb; rails: active_support/key_generator.rb',
  secret: 'secret_key_base (or config.secret_key of Devise)',
  olderSecrets: null,
  columns: ['reset_password_token', 'reset_password_sent_at'],
  page: '/users/password/edit',
  tail: '?reset_password_token={token}',
  looks: { token: /^[\w-]{20}$/ },
  lifeMs: 21_600_000,
  lifeSetting: 'reset_password_within',
  replaces: true,
  outlivesUse: false,
  unknown: [
    'whether the secret is right: nothing in the database is signed with it',
    'which digest Rails derives keys with: link.digest is sha256 (load_defaults 7.0 and later), or sha1 before',
  ],
  usesDigest: true,
  open: ({ secret, digest, table, id, lifeMs }) => {
    const key = deriveKey({ secret, name: 'Devise reset_password_token', passes: PASSES, digest });
    const digestOf = (token: string): string => createHmac('sha256', key).update(token).digest('hex');
    return Promise.resolve({
      make(_person, { seed }) {
        const token = seed.subarray(0, 15).toString('base64url');
        return { token: token.replace(/[lIO0]/g, (letter) => PLAIN[letter] ?? letter) };
      },
      async store(trx, person, { iat }, { token = '' }) {
        await trx(table)
          .where(id, person.id)
          .update({ reset_password_token: digestOf(token), reset_password_sent_at: toInstantText(iat) });
      },
      async whose(db, { token = '' }) {
        const row = await db(table)
          .where('reset_password_token', digestOf(token))
          .first<{ id: unknown } | undefined>({ id });
        return row && { id: String(row.id) };
      },
      check: (_db, { columns }, { token = '' }, now): Promise<Verdict> => {
        const stored = columns['reset_password_token'];
        const issuedAt = readInstant(columns['reset_password_sent_at']);
        if (typeof stored !== 'string' || issuedAt === undefined || !sameText(stored, digestOf(token)))
          return Promise.resolve({ state: 'invalid' });
        const expiresAt = issuedAt + lifeMs / 1000;
        return Promise.resolve({ state: expiresAt * 1000 < now ? 'expired' : 'good', issuedAt, expiresAt });
      },
      async revoke(trx, person) {
        await trx(table)
          .where(id, person.id)
          .update({ reset_password_token: null, reset_password_sent_at: null });
      },
    });
  },
});
