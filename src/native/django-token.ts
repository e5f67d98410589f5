import { sameText } from '../values/bytes-equal.ts';
import { djangoHmac } from './django-hmac.ts';
import { readInstant } from './instant-text.ts';
import type { Issuer, OpenIssuer, Person, Site, Verdict, Whose } from './issuer.ts';
import { wallSeconds } from './wall-clock.ts';

const SALT = 'django.contrib.auth.tokens.PasswordResetTokenGenerator';
const SESSION_SALT = 'django.contrib.sessions.SessionStore';
/** Seconds from 1970 to 2001, from where Django counts. */
const EPOCH_2001 = 978_307_200;

/** What is alike in every form that Django's own token generator makes. */
export const DJANGO_TOKENS = {
  secret: 'SECRET_KEY',
  olderSecrets: 'SECRET_KEY_FALLBACKS',
  columns: ['last_login'],
  lifeMs: 259_200_000,
  lifeSetting: 'PASSWORD_RESET_TIMEOUT',
  replaces: false,
  outlivesUse: false,
} satisfies Partial<Issuer>;

/** For `unknown`. */
export const OWN_GENERATOR =
  'whether the site has its own token generator, or a PASSWORD_RESET_TIMEOUT other than link.expiresIn (3 days)';

/** How a site of Django names its users in a link, and what else than Django's own its tokens hold. */
export interface DjangoForm {
  readonly uidOf: (key: string) => string;
  readonly whose: (uid: string) => Whose;
  readonly more: (person: Person) => string;
}

/** A UUID without its dashes, as SQLite and MySQL keep it: Django's own text has them. */
export const primaryKey = (id: string): string =>
  /^[0-9a-f]{32}$/.test(id) && !/^\d+$/.test(id)
    ? id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
    : id;

/** `timestamp`: seconds since 2001 in the server's local time. */
function makeToken(person: Person, timestamp: number, secret: string, more: string): string {
  const lastLogin = person.columns['last_login'];
  // Whole seconds and no zone: 2026-11-22 15:00:00
  const login = typeof lastLogin === 'string' ? lastLogin.slice(0, 19).replace('T', ' ') : '';
  // Of a user model whose EMAIL_FIELD is another column than the one that mails go to.
  const email = person.columns['email'] ?? person.email;
  const state = `${primaryKey(person.id)}${person.encoded}${login}${timestamp}${String(email)}${more}`;
  const everySecond = djangoHmac(SALT, state, secret).toString('hex').replace(/(.)./g, '$1');
  return `${timestamp.toString(36)}-${everySecond}`;
}

/** Django 3.1 and later: an HMAC over what a new password or login changes. Nothing is written. */
export function openDjango(
  { secret, olderSecrets, timeZone, lifeMs, qualify }: Site,
  { uidOf, whose, more }: DjangoForm,
): OpenIssuer {
  const wallOf = (seconds: number): number => wallSeconds(seconds * 1000, timeZone) - EPOCH_2001;
  return {
    make: (person, { iat }) => ({
      uid: uidOf(primaryKey(person.id)),
      token: makeToken(person, wallOf(iat), secret, more(person)),
    }),
    whose: (_db, { uid }) => Promise.resolve(uid === undefined ? undefined : whose(uid)),
    check: (_db, person, { token = '' }, now): Promise<Verdict> => {
      const timestamp = /^[0-9a-z]{1,13}-/.test(token) ? Number.parseInt(token, 36) : 0;
      const isSigned = [secret, ...olderSecrets].some((key) =>
        sameText(makeToken(person, timestamp, key, more(person)), token),
      );
      if (!isSigned) return Promise.resolve({ state: 'invalid' });
      const nowS = Math.floor(now / 1000);
      const issuedAt = nowS - (wallOf(nowS) - timestamp);
      const expiresAt = issuedAt + lifeMs / 1000;
      return Promise.resolve({ state: nowS > expiresAt ? 'expired' : 'good', issuedAt, expiresAt });
    },
    // In UTC, or in local time if USE_TZ is off.
    hasChanged: ({ columns }, { iat }) =>
      (readInstant(columns['last_login']) ?? 0) > Math.max(iat, wallSeconds(iat * 1000, timeZone)),
    async prove(db) {
      const table = qualify('django_session');
      const row = await db(table)
        .orderBy('expire_date', 'desc')
        .first<{ session_data: string } | undefined>('session_data');
      const [, value, signature] = /^(.+:.+):([\w-]{43})$/.exec(row?.session_data ?? '') ?? [];
      if (value === undefined || signature === undefined) return undefined;
      const isSignedBy = (key: string): boolean =>
        sameText(djangoHmac(`${SESSION_SALT}signer`, value, key).toString('base64url'), signature);
      if (isSignedBy(secret)) return true;
      // Nobody signed in since the secret was changed.
      return olderSecrets.some(isSignedBy) ? undefined : false;
    },
  };
}
