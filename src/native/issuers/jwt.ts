import { jsonWebToken } from '../json-web-token.ts';
import { WORKS_ONCE } from '../named-user.ts';

const own = {
  name: 'jwt',
  source: 'jpadilla/pyjwt: jwt/api_jwt.py; RFC 7519',
  page: '/reset_password',
  unknown: [WORKS_ONCE],
};

/** A JWT of any application: `link.token` says of what. */
export const jwt = jsonWebToken(own);
