import { jsonWebToken } from '../json-web-token.ts';

const own = {
  name: 'flask-microblog',
  source: 'miguelgrinberg/microblog: app/models.py (get_reset_password_token), app/auth/routes.py',
  page: '/auth/reset_password',
  unknown: ['whether the tokens are the tutorial’s'],
};

/** The tutorial's JWT: id and end. */
export const flaskMicroblog = jsonWebToken(own);
