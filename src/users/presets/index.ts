// Written from the files of this folder by test/architecture/registries.test.ts: npm run registries
import { appbuilder } from './appbuilder.ts';
import { aspnetIdentity } from './aspnet-identity.ts';
import { bcrypt } from './bcrypt.ts';
import { betterAuth } from './better-auth.ts';
import { standard } from './default.ts';
import { devise } from './devise.ts';
import { directus } from './directus.ts';
import { discourse } from './discourse.ts';
import { django } from './django.ts';
import { drupal } from './drupal.ts';
import { fireflyIii } from './firefly-iii.ts';
import { flaskMicroblog } from './flask-microblog.ts';
import { flaskSecurity } from './flask-security.ts';
import { flask } from './flask.ts';
import { freescout } from './freescout.ts';
import { ghost } from './ghost.ts';
import { gitea } from './gitea.ts';
import { gitlab } from './gitlab.ts';
import { grafana } from './grafana.ts';
import { joomla } from './joomla.ts';
import { kanboard } from './kanboard.ts';
import { laravel } from './laravel.ts';
import { lucia } from './lucia.ts';
import { mastodon } from './mastodon.ts';
import { matomo } from './matomo.ts';
import { mattermost } from './mattermost.ts';
import { mediawiki } from './mediawiki.ts';
import { metabase } from './metabase.ts';
import { moodle } from './moodle.ts';
import { n8n } from './n8n.ts';
import { odoo } from './odoo.ts';
import { parse } from './parse.ts';
import { payload } from './payload.ts';
import { phoenix } from './phoenix.ts';
import { phpbb } from './phpbb.ts';
import { postfixadmin } from './postfixadmin.ts';
import { prestashopShop } from './prestashop-shop.ts';
import { prestashop } from './prestashop.ts';
import { railsAuth } from './rails-auth.ts';
import { rails } from './rails.ts';
import { redmine } from './redmine.ts';
import { snipeIt } from './snipe-it.ts';
import { springSecurity } from './spring-security.ts';
import { strapi } from './strapi.ts';
import { supabase } from './supabase.ts';
import { symfony } from './symfony.ts';
import { wordpress } from './wordpress.ts';
import { zabbix } from './zabbix.ts';
import { zulip } from './zulip.ts';

/** Every entry of this folder. */
export const presets = [
  appbuilder,
  aspnetIdentity,
  bcrypt,
  betterAuth,
  standard,
  devise,
  directus,
  discourse,
  django,
  drupal,
  fireflyIii,
  flaskMicroblog,
  flaskSecurity,
  flask,
  freescout,
  ghost,
  gitea,
  gitlab,
  grafana,
  joomla,
  kanboard,
  laravel,
  lucia,
  mastodon,
  matomo,
  mattermost,
  mediawiki,
  metabase,
  moodle,
  n8n,
  odoo,
  parse,
  payload,
  phoenix,
  phpbb,
  postfixadmin,
  prestashopShop,
  prestashop,
  railsAuth,
  rails,
  redmine,
  snipeIt,
  springSecurity,
  strapi,
  supabase,
  symfony,
  wordpress,
  zabbix,
  zulip,
] as const;
