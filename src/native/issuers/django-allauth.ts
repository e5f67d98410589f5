import { DJANGO_TOKENS, openDjango, OWN_GENERATOR, primaryKey } from '../django-token.ts';
import { defineIssuer, type Person } from '../issuer.ts';

/** As Python sorts: by code points. */
const byCodePoint = (one: string, other: string): number =>
  Buffer.compare(Buffer.from(one), Buffer.from(other));

/** Every address of the user; allauth adds the one of the users table to its own before it looks. */
function addressesOf({ email, addresses = [] }: Person): string {
  const all = new Set([...(email === '' ? [] : [email]), ...addresses]);
  return [...all].sort(byCodePoint).join('|');
}

/** Numbers in base 36, a UUID without its dashes, other keys as they are. */
const uidOf = (key: string): string =>
  /^\d{1,19}$/.test(key) ? BigInt(key).toString(36) : isUuid(key) ? key.replaceAll('-', '') : key;

const isUuid = (key: string): boolean => /^[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}$/.test(key);

function keyOf(uid: string): string {
  if (isUuid(uid)) return primaryKey(uid);
  return /^[0-9a-z]{1,13}$/i.test(uid) ? String(Number.parseInt(uid, 36)) : uid;
}

/** Django's token over every address of the user besides; headless front ends take the same key. */
export const djangoAllauth = defineIssuer({
  name: 'django-allauth',
  source: 'pennersr/django-allauth: allauth/account/forms.py, utils.py (user_pk_to_url_str), urls.py',
  ...DJANGO_TOKENS,
  addresses: { table: 'account_emailaddress', user: 'user_id', email: 'email' },
  page: '/accounts/password/reset/key',
  tail: '/{uid}-{token}/',
  looks: { uid: /^[0-9A-Za-z]{1,36}$/, token: /^[0-9a-z]{1,13}-[0-9a-f]{32}$/ },
  unknown: [
    OWN_GENERATOR,
    'where a headless front end has its page: set link.path, such as /account/password/reset/key/{uid}-{token}',
  ],
  open: (site) =>
    Promise.resolve(openDjango(site, { uidOf, whose: (uid) => ({ id: keyOf(uid) }), more: addressesOf })),
});
