// Written from the files of this folder by test/architecture/registries.test.ts: npm run registries
import { betterAuth } from './better-auth.ts';
import { devise } from './devise.ts';
import { directus } from './directus.ts';
import { djangoAllauth } from './django-allauth.ts';
import { django } from './django.ts';
import { flaskMicroblog } from './flask-microblog.ts';
import { flaskSecurity } from './flask-security.ts';
import { ghost } from './ghost.ts';
import { itsdangerousJws } from './itsdangerous-jws.ts';
import { itsdangerous } from './itsdangerous.ts';
import { jwt } from './jwt.ts';
import { laravel } from './laravel.ts';
import { n8n } from './n8n.ts';
import { payload } from './payload.ts';
import { railsSignedId } from './rails-signed-id.ts';
import { rails } from './rails.ts';
import { redmine } from './redmine.ts';
import { strapiAdmin } from './strapi-admin.ts';
import { strapi } from './strapi.ts';
import { symfony } from './symfony.ts';
import { wordpress } from './wordpress.ts';

/** Every entry of this folder. */
export const issuers = [
  betterAuth,
  devise,
  directus,
  djangoAllauth,
  django,
  flaskMicroblog,
  flaskSecurity,
  ghost,
  itsdangerousJws,
  itsdangerous,
  jwt,
  laravel,
  n8n,
  payload,
  railsSignedId,
  rails,
  redmine,
  strapiAdmin,
  strapi,
  symfony,
  wordpress,
] as const;
