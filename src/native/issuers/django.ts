import { djangoHmac } from '../django-hmac.ts';
import { readInstant } from '../instant-text.ts';
import { defineIssuer, type Person, type Verdict } from '../issuer.ts';
import { sameText } from '../../values/bytes-equal.ts';
import { wallSeconds } from '../wall-clock.ts';

const SALT = 'django.contrib.auth.tokens.PasswordResetTokenGenerator';
const SESSION_SALT = 'django.contrib.sessions.SessionStore';
/** Seconds from 1970 to 2001, from where Django counts. */
const EPOCH_2001 = 978_307_200;

/** A UUID without its dashes, as SQLite and MySQL keep it: Django's own text has them. */
const primaryKey = (id: string): string =>
  /^[0-9a-f]{32}$/.test(id) && !/^\d+$/.test(id)
    ? id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
    : id;

/** `timestamp`: seconds since 2001 in the server's local time. */
function makeToken(person: Person, timestamp: number, secret: string): string {
  const lastLogin = person.columns['last_login'];
  // Whole seconds and no zone: 2026-11-22 15:00:00
  const login = typeof lastLogin === 'string' ? lastLogin.slice(0, 19).replace('T', ' ') : '';
  const state = `${primaryKey(person.id)}${person.encoded}${login}${timestamp}${person.email}`;
  const everySecond = djangoHmac(SALT, state, secret).toString('hex').replace(/(.)./g, '$1');
  return `${timestamp.toString(36)}-${everySecond}`;
}

/** Django 3.1 and later: an HMAC over what a new password or login changes. Nothing is written. */
export const django = defineIssuer({
  name: 'django',
  source: 'django/contrib/auth/tokens.py, django/utils/crypto.py, django/contrib/sessions/backends/base.py',
  secret: 'SECRET_KEY',
  olderSecrets: 'SECRET_KEY_FALLBACKS',
  columns: ['last_login'],
  page: '/accounts/reset',
  tail: '/{uid}/{token}/',
  lifeMs: 259_200_000,
  lifeSetting: 'PASSWORD_RESET_TIMEOUT',
  replaces: false,
  outlivesUse: false,
  unknown: [
    'whether the site has its own token generator, or a PASSWORD_RESET_TIMEOUT other than link.expiresIn (3 days)',
  ],
  open: ({ secret, olderSecrets, timeZone, lifeMs, qualify }) => {
    const wallOf = (seconds: number): number => wallSeconds(seconds * 1000, timeZone) - EPOCH_2001;
    return Promise.resolve({
      make: (person, { iat }) => ({
        uid: Buffer.from(primaryKey(person.id)).toString('base64url'),
        token: makeToken(person, wallOf(iat), secret),
      }),
      whose: (_db, { uid }) => {
        const key = uid === undefined ? undefined : Buffer.from(uid, 'base64url').toString();
        return Promise.resolve(key === undefined ? undefined : { id: key });
      },
      check: (_db, person, { token = '' }, now): Promise<Verdict> => {
        const timestamp = /^[0-9a-z]{1,13}-/.test(token) ? Number.parseInt(token, 36) : 0;
        const isSigned = [secret, ...olderSecrets].some((key) =>
          sameText(makeToken(person, timestamp, key), token),
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
    });
  },
});
