// Written from the files of this folder by test/architecture/registries.test.ts: npm run registries
import { betterAuth } from './better-auth.ts';
import { devise } from './devise.ts';
import { django } from './django.ts';
import { flaskMicroblog } from './flask-microblog.ts';
import { laravel } from './laravel.ts';
import { wordpress } from './wordpress.ts';

/** Every entry of this folder. */
export const issuers = [
  betterAuth,
  devise,
  django,
  flaskMicroblog,
  laravel,
  wordpress,
] as const;
