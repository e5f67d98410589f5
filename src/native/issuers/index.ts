// Written from the files of this folder by test/architecture/registries.test.ts: npm run registries
import { betterAuth } from './better-auth.ts';
import { devise } from './devise.ts';
import { djangoAllauth } from './django-allauth.ts';
import { django } from './django.ts';
import { flaskMicroblog } from './flask-microblog.ts';
import { flaskSecurity } from './flask-security.ts';
import { itsdangerousJws } from './itsdangerous-jws.ts';
import { itsdangerous } from './itsdangerous.ts';
import { jwt } from './jwt.ts';
import { laravel } from './laravel.ts';
import { rails } from './rails.ts';
import { symfony } from './symfony.ts';
import { wordpress } from './wordpress.ts';

/** Every entry of this folder. */
export const issuers = [
  betterAuth,
  devise,
  djangoAllauth,
  django,
  flaskMicroblog,
  flaskSecurity,
  itsdangerousJws,
  itsdangerous,
  jwt,
  laravel,
  rails,
  symfony,
  wordpress,
] as const;
