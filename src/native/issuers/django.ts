import { describeTable } from '../../db/introspect.ts';
import { DJANGO_TOKENS, openDjango, OWN_GENERATOR } from '../django-token.ts';
import { defineIssuer } from '../issuer.ts';

/** The page of `django.contrib.auth`: the uid is the primary key's text in base64. */
export const django = defineIssuer({
  name: 'django',
  source: 'django/contrib/auth/tokens.py, django/utils/crypto.py, django/contrib/sessions/backends/base.py',
  ...DJANGO_TOKENS,
  page: '/accounts/reset',
  tail: '/{uid}/{token}/',
  looks: { uid: /^[\w-]{1,64}$/, token: /^[0-9a-z]{1,13}-[0-9a-f]{32}$/ },
  unknown: [OWN_GENERATOR],
  open: (site) =>
    Promise.resolve({
      ...openDjango(site, {
        uidOf: (key) => Buffer.from(key).toString('base64url'),
        whose: (uid) => ({ id: Buffer.from(uid, 'base64url').toString() }),
        more: () => '',
      }),
      async doubts(db) {
        const info = await describeTable(db, 'account_emailaddress', site.schema);
        return info
          ? [
              'This site has the tables of django-allauth, whose page does not accept Django’s own links. If its links look like /accounts/password/reset/key/1-abc/, set link.token: { "form": "django-allauth" }.',
            ]
          : [];
      },
    }),
});
