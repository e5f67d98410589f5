import { defineIssuer } from '../issuer.ts';
import { jsonWebToken } from '../json-web-token.ts';

const own = {
  name: 'jwt',
  source: 'jpadilla/pyjwt: jwt/api_jwt.py; RFC 7519',
  page: '/reset_password',
  unknown: ['whether a link works only once: the token itself does not see to it'],
};

/** A JWT of any application: `link.token` says of what. */
export const jwt = defineIssuer(jsonWebToken(own, { form: 'jwt' }));
