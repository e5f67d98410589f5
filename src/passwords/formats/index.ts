// Written from the files of this folder by test/architecture/registries.test.ts: npm run registries
import { argon2 } from './argon2.ts';
import { aspnetV2 } from './aspnet-v2.ts';
import { aspnetV3 } from './aspnet-v3.ts';
import { bcrypt } from './bcrypt.ts';
import { betterAuth } from './better-auth.ts';
import { discourse } from './discourse.ts';
import { djangoArgon2 } from './django-argon2.ts';
import { djangoBcryptSha256 } from './django-bcrypt-sha256.ts';
import { djangoBcrypt } from './django-bcrypt.ts';
import { djangoLegacy } from './django-legacy.ts';
import { djangoPbkdf2 } from './django-pbkdf2.ts';
import { djangoScrypt } from './django-scrypt.ts';
import { drupalSha512 } from './drupal-sha512.ts';
import { giteaBcrypt } from './gitea-bcrypt.ts';
import { gitea } from './gitea.ts';
import { grafana } from './grafana.ts';
import { joomlaMd5 } from './joomla-md5.ts';
import { keycloak } from './keycloak.ts';
import { mattermost } from './mattermost.ts';
import { md5Crypt } from './md5-crypt.ts';
import { md5 } from './md5.ts';
import { mediawikiArgon2 } from './mediawiki-argon2.ts';
import { mediawikiBcrypt } from './mediawiki-bcrypt.ts';
import { mediawikiLegacy } from './mediawiki-legacy.ts';
import { mediawikiPbkdf2 } from './mediawiki-pbkdf2.ts';
import { metabase } from './metabase.ts';
import { nextcloudArgon2 } from './nextcloud-argon2.ts';
import { nextcloudBcrypt } from './nextcloud-bcrypt.ts';
import { passlibBcryptSha256 } from './passlib-bcrypt-sha256.ts';
import { passlibPbkdf2Sha1 } from './passlib-pbkdf2-sha1.ts';
import { passlibPbkdf2Sha256 } from './passlib-pbkdf2-sha256.ts';
import { passlibPbkdf2Sha512 } from './passlib-pbkdf2-sha512.ts';
import { passlibScrypt } from './passlib-scrypt.ts';
import { payloadLegacy } from './payload-legacy.ts';
import { payloadV1 } from './payload-v1.ts';
import { phpass } from './phpass.ts';
import { redmine } from './redmine.ts';
import { scheme } from './scheme.ts';
import { sha256Crypt } from './sha256-crypt.ts';
import { sha512Crypt } from './sha512-crypt.ts';
import { springArgon2 } from './spring-argon2.ts';
import { springBcrypt } from './spring-bcrypt.ts';
import { springLegacy } from './spring-legacy.ts';
import { springPbkdf2 } from './spring-pbkdf2.ts';
import { springScrypt } from './spring-scrypt.ts';
import { symfonyBcrypt } from './symfony-bcrypt.ts';
import { symfonyDigest } from './symfony-digest.ts';
import { symfonyPbkdf2 } from './symfony-pbkdf2.ts';
import { werkzeugPbkdf2 } from './werkzeug-pbkdf2.ts';
import { werkzeugPlain } from './werkzeug-plain.ts';
import { werkzeugScrypt } from './werkzeug-scrypt.ts';
import { wordpressBcrypt } from './wordpress-bcrypt.ts';

/** Every entry of this folder. */
export const formats = [
  argon2,
  aspnetV2,
  aspnetV3,
  bcrypt,
  betterAuth,
  discourse,
  djangoArgon2,
  djangoBcryptSha256,
  djangoBcrypt,
  djangoLegacy,
  djangoPbkdf2,
  djangoScrypt,
  drupalSha512,
  giteaBcrypt,
  gitea,
  grafana,
  joomlaMd5,
  keycloak,
  mattermost,
  md5Crypt,
  md5,
  mediawikiArgon2,
  mediawikiBcrypt,
  mediawikiLegacy,
  mediawikiPbkdf2,
  metabase,
  nextcloudArgon2,
  nextcloudBcrypt,
  passlibBcryptSha256,
  passlibPbkdf2Sha1,
  passlibPbkdf2Sha256,
  passlibPbkdf2Sha512,
  passlibScrypt,
  payloadLegacy,
  payloadV1,
  phpass,
  redmine,
  scheme,
  sha256Crypt,
  sha512Crypt,
  springArgon2,
  springBcrypt,
  springLegacy,
  springPbkdf2,
  springScrypt,
  symfonyBcrypt,
  symfonyDigest,
  symfonyPbkdf2,
  werkzeugPbkdf2,
  werkzeugPlain,
  werkzeugScrypt,
  wordpressBcrypt,
] as const;
