import { decodeText } from '../values/decode-text.ts';
import { parseSender } from '../values/email.ts';
import { existingFile, existingFolder } from './existing-path.ts';
import { afterScheme, asPath, inList, inOption, chain, type ResolvePaths } from './file-paths.ts';
import { parseDatabaseUrl } from '../db/database-url.ts';
import { LINK_TOKEN_JSON, parseLinkToken } from './link-token.ts';
import { parseMailUrl } from './mail-url.ts';
import * as parse from './parse.ts';
import { parseSigningKey } from './signing-key.ts';
import { Secret } from '../values/secret.ts';
import { readSecretFile } from './secret-file.ts';
import { LINK_LIFE } from '../values/link-life.ts';
import { programName } from '../values/program-name.ts';

/** One configuration key, declared once for flags, environment, file, help, JSON Schema and README. */
export interface ConfigKey<T> {
  /** commander's spelling, e.g. `--base-url <url>` */
  readonly flag?: string;
  /** environment variables, ours first, then those of others that are read if ours is not set */
  readonly env?: readonly string[];
  readonly help: string;
  /** what a config file may hold, as JSON Schema */
  readonly json: Readonly<Record<string, unknown>>;
  /** throws a ResetError whose message completes "`key` …" */
  parse(value: unknown): T;
  readonly fallback?: T;
  /** makes the paths in the value absolute, if it comes from a config file */
  readonly resolvePaths?: ResolvePaths;
  /** its value never appears in a message */
  readonly isSecret?: true;
  /** the same value under another name (a path instead of the value): a flag and a variable, no key of the file */
  readonly aliasOf?: string;
}

const key = <T>(spec: ConfigKey<T>): ConfigKey<T> => spec;
const string = { type: 'string' };
const DAY = 86_400_000;
/** Of the 64 letters that an address may have before its @, `+`, a row's number, a dot and 20 digits are ours. */
const LONGEST_BOUNCE_NAME = 24;

function database(value: unknown): Secret<string> {
  const url = parse.text(value);
  if (/^sqlite3?:./.test(url)) return new Secret(url);
  if (!/^(postgres|postgresql|pgsql|mysql|mysql2|trilogy|mariadb)(\+\w+)?:\/\//.test(url)) {
    throw parse.invalid('must be sqlite:PATH, postgres://…, mysql://… or mariadb://…');
  }
  parseDatabaseUrl(url);
  return new Secret(url);
}

function mailUrl(value: unknown): Secret<string> {
  const url = parse.text(value);
  parseMailUrl(url);
  return new Secret(url);
}

/** One a line, or a list: the first signs. An application's secret may hold anything else, also commas and spaces. */
function appSecrets(value: unknown): readonly Secret<string>[] {
  const lines = typeof value === 'string' ? value.split(/\r?\n/).filter((line) => line !== '') : value;
  if (!Array.isArray(lines) || lines.length === 0)
    throw parse.invalid('must hold a secret, or several, one per line');
  return lines.map((line) => new Secret(parse.text(line)));
}

/** A list that rotates: the first signs, all verify (R17). */
function signingKeys(value: unknown): readonly Secret<Buffer>[] {
  const keys = parse.list(value).map(parseSigningKey);
  if (keys.length === 0) throw parse.invalid(`must hold a key. Create one with: ${programName} keygen`);
  const bytes = keys.map((key) => key.reveal().toString('hex'));
  if (new Set(bytes).size !== bytes.length)
    throw parse.invalid('holds the same key twice. Remove one of them');
  return keys;
}

/** Column → what it must be; the operators are checked with the users table. */
function conditions(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw parse.invalid('must be { "column": value }');
  return value as Readonly<Record<string, unknown>>;
}

function override(value: unknown): unknown {
  return value;
}

/** Every key of `reset.config.json`, with its flag and environment variables. */
export const KEYS = {
  database: key({
    flag: '--database <url>',
    env: ['RESET_DATABASE', 'DATABASE_URL'],
    help: 'sqlite:PATH, postgres://…, mysql://… or mariadb://…',
    json: string,
    parse: database,
    resolvePaths: chain(afterScheme('sqlite:'), inOption('sslrootcert')),
    isSecret: true,
  }),
  ledger: key({
    flag: '--ledger <url>',
    env: ['RESET_LEDGER'],
    help: "the database of reset's own tables, if not the application's",
    json: string,
    parse: database,
    resolvePaths: chain(afterScheme('sqlite:'), inOption('sslrootcert')),
    isSecret: true,
  }),
  'users.preset': key({
    flag: '--preset <name>',
    env: ['RESET_PRESET'],
    help: `how the application stores its users (list: ${programName} presets)`,
    json: string,
    parse: parse.text,
    fallback: 'default',
  }),
  'users.table': key({ help: 'table of the users', json: string, parse: parse.text }),
  'users.schema': key({ help: 'schema of the table', json: string, parse: parse.text }),
  'users.id': key({ help: 'column of the id', json: string, parse: parse.text }),
  'users.email': key({ help: 'column of the e-mail address', json: {}, parse: override }),
  'users.name': key({ help: "column of the person's name", json: string, parse: parse.text }),
  'users.username': key({ help: 'column of the user name', json: string, parse: parse.text }),
  'users.password': key({ help: 'column of the password hash', json: {}, parse: override }),
  'users.active': key({ help: 'which users are active', json: {}, parse: override }),
  'users.locale': key({ help: 'column of the language', json: string, parse: parse.text }),
  'users.timeZone': key({
    help: 'column of the time zone, such as Europe/Berlin (for --between)',
    json: string,
    parse: parse.text,
  }),
  'users.hash': key({ help: 'hash format to write; auto keeps what the row has', json: {}, parse: override }),
  'users.onReset': key({ help: 'what else changes with the password', json: {}, parse: override }),
  'users.access': key({
    help: 'what else opens an account, beside what the preset knows',
    json: {},
    parse: override,
  }),
  baseUrl: key({
    flag: '--base-url <url>',
    env: ['RESET_BASE_URL'],
    help: 'the address that links begin with, such as https://example.com',
    json: string,
    parse: parse.baseUrl,
  }),
  secret: key({
    env: ['RESET_SECRET'],
    help: 'hex:…, base64url:… or file:PATH; a list for rotation: the first signs, all verify',
    json: { anyOf: [string, { type: 'array', items: string, minItems: 1 }] },
    parse: signingKeys,
    resolvePaths: inList(afterScheme('file:')),
    isSecret: true,
  }),
  secretFile: key({
    flag: '--secret-file <path>',
    env: ['RESET_SECRET_FILE'],
    help: 'file that holds the signing key (mode 0600)',
    json: string,
    parse: (value) => [parseSigningKey(`file:${parse.text(value)}`)],
    aliasOf: 'secret',
  }),
  'mail.url': key({
    flag: '--mail-url <url>',
    env: ['RESET_MAIL_URL', 'SMTP_URL'],
    help: 'smtp://…, smtps://…, sendmail: or file:DIR',
    json: string,
    parse: mailUrl,
    resolvePaths: chain(afterScheme('file:'), inOption('ca'), inOption('token')),
    isSecret: true,
  }),
  'mail.from': key({
    flag: '--mail-from <sender>',
    env: ['RESET_MAIL_FROM', 'MAIL_DEFAULT_SENDER'],
    help: '"Name <address>" or an address',
    json: string,
    parse: (value) => parseSender(parse.text(value)),
  }),
  'mail.replyTo': key({
    help: 'where answers go: "Name <address>" or an address',
    json: string,
    parse: (value) => parseSender(parse.text(value)),
  }),
  'mail.envelopeFrom': key({
    help: 'address for bounces, if it is not the sender',
    json: string,
    parse: parse.email,
  }),
  'mail.bounces': key({
    help: 'address for bounces, marked for each mail (bounce+…@example.com), so that `bounces` knows which mail it was',
    json: string,
    parse: (value) => {
      const address = parse.email(value);
      if (address.indexOf('@') > LONGEST_BOUNCE_NAME || address.includes('+'))
        throw parse.invalid(
          `must have at most ${LONGEST_BOUNCE_NAME} letters before the @, and no +: each mail's mark is added there`,
        );
      return address;
    },
  }),
  'mail.ehlo': key({
    help: "name of this machine in EHLO (default: the sender's domain)",
    json: string,
    parse: (value) => {
      const name = parse.text(value);
      if (!/^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f.:]+\]|\[IPv6:[0-9a-f.:]+\])$/i.test(name))
        throw parse.invalid('must be a host name, such as mail.example.com');
      return name;
    },
  }),
  'mail.code': key({
    help: 'mails contain a one-time code beside the link',
    json: { type: 'boolean' },
    parse: parse.flag,
    fallback: false,
  }),
  'mail.locale': key({
    flag: '--locale <tag>',
    env: ['RESET_LOCALE'],
    help: 'language of mails to users without one',
    json: string,
    parse: parse.locale,
    fallback: 'en',
  }),
  'mail.rate': key({
    flag: '--rate <n/s>',
    env: ['RESET_MAIL_RATE'],
    help: 'maximum mails per second, such as 14/s or 600/m',
    json: { anyOf: [string, { type: 'number' }] },
    parse: parse.rate,
  }),
  'mail.connections': key({
    flag: '--connections <n>',
    env: ['RESET_MAIL_CONNECTIONS'],
    help: 'connections to the mail server',
    json: { type: 'integer', minimum: 1, maximum: 100 },
    parse: parse.wholeNumber(1, 100),
    fallback: 3,
  }),
  timeZone: key({
    env: ['RESET_TIME_ZONE'],
    help: 'time zone of the dates in mails',
    json: string,
    parse: parse.timeZone,
    fallback: 'UTC',
  }),
  appName: key({
    flag: '--app-name <name>',
    env: ['RESET_APP_NAME'],
    help: "the application's name (default: host of baseUrl)",
    json: string,
    parse: parse.text,
  }),
  'token.expiresIn': key({
    flag: '--expires-in <time>',
    env: ['RESET_TOKEN_EXPIRES_IN'],
    help: 'how long a link lives: 90s, 30m, 24h or whole seconds (default 1h, for a batch 24h)',
    json: { anyOf: [string, { type: 'integer' }] },
    parse: parse.durationMs(LINK_LIFE.minMs, LINK_LIFE.maxMs, LINK_LIFE.words),
  }),
  'password.minLength': key({
    help: 'minimum length of a new password, in characters',
    json: { type: 'integer', minimum: 8, maximum: 64 },
    parse: parse.wholeNumber(8, 64),
    fallback: 15,
  }),
  'password.normalize': key({
    help: "what the application's login does to Unicode: none, nfc or nfkc",
    json: { enum: ['none', 'nfc', 'nfkc'] },
    parse: parse.oneOf('none', 'nfc', 'nfkc'),
  }),
  'password.blocklist': key({
    help: 'file of refused passwords, one per line',
    json: string,
    parse: existingFile,
    resolvePaths: asPath,
  }),
  'password.differs': key({
    help: 'refuse the password that the user has now',
    json: { type: 'boolean' },
    parse: parse.flag,
    fallback: false,
  }),
  templates: key({
    flag: '--templates <dir>',
    env: ['RESET_TEMPLATES'],
    help: 'folder of templates that replace the built-in ones',
    json: string,
    parse: existingFolder,
    resolvePaths: asPath,
  }),
  'server.host': key({
    flag: '--host <host>',
    env: ['RESET_HOST'],
    help: 'address to listen on, unix:PATH or fd:3 (a systemd socket)',
    json: string,
    parse: parse.text,
    resolvePaths: afterScheme('unix:'),
    fallback: '127.0.0.1',
  }),
  'server.port': key({
    flag: '--port <port>',
    env: ['RESET_PORT'],
    help: 'port of the listener',
    json: { type: 'integer', minimum: 0, maximum: 65535 },
    parse: parse.wholeNumber(0, 65_535),
    fallback: 8025,
  }),
  'server.trustProxy': key({
    help: 'networks of the proxies in front, such as 10.0.0.0/8',
    json: { type: 'array', items: string },
    parse: parse.cidrs,
  }),
  loginUrl: key({
    env: ['RESET_LOGIN_URL'],
    help: 'shown as a button after a reset',
    json: string,
    parse: parse.linkUrl,
  }),
  'smoke.user': key({
    help: `address of the test user of \`${programName} smoke\``,
    json: string,
    parse: parse.email,
  }),
  'brand.color': key({
    help: 'accent colour of pages and mails, such as #0b5cad',
    json: { type: 'string', pattern: '^#[0-9a-fA-F]{6}$' },
    parse: (value) => {
      const color = parse.text(value);
      if (!/^#[0-9a-f]{6}$/i.test(color)) throw parse.invalid('must be a colour such as #0b5cad');
      return color;
    },
  }),
  'brand.logo': key({
    help: 'logo for the pages: an svg or png file',
    json: string,
    parse: existingFile,
    resolvePaths: asPath,
  }),
  'brand.support': key({
    help: 'where people ask for help: an e-mail address, phone number or sentence',
    json: string,
    parse: parse.text,
  }),
  'support.requireTicket': key({
    help: 'second factors and sessions end only with --ticket',
    json: { type: 'boolean' },
    parse: parse.flag,
  }),
  'support.protect': key({
    help: 'users whose access ends only with --force-protected, such as { "is_staff": true }; one match is enough',
    json: { type: 'object' },
    parse: conditions,
  }),
  'support.perHour': key({
    help: 'how many users an operator may change within an hour',
    json: { type: 'integer', minimum: 1, maximum: 1000 },
    parse: parse.wholeNumber(1, 1000),
  }),
  'link.native': key({
    flag: '--native',
    env: ['RESET_NATIVE'],
    help: "links are the application's own, at its own page",
    json: { type: 'boolean' },
    parse: parse.flag,
    fallback: false,
  }),
  'link.path': key({
    flag: '--link-path <path>',
    env: ['RESET_LINK_PATH'],
    help: "path of the application's own reset page",
    json: string,
    parse: parse.text,
  }),
  'link.token': key({
    help: "form of the application's own token, where it is not the preset's: form, claim, of, salt, algorithm, …",
    json: LINK_TOKEN_JSON,
    parse: parseLinkToken,
  }),
  'link.expiresIn': key({
    help: "how long the application's own links live, if not its default",
    json: { anyOf: [string, { type: 'integer' }] },
    parse: parse.durationMs(LINK_LIFE.minMs, 31 * DAY, 'from 1 minute to 31 days'),
  }),
  'link.digest': key({
    help: 'what Rails derives keys with: sha256 (load_defaults 7.0 and later) or sha1',
    json: { enum: ['sha1', 'sha256'] },
    parse: parse.oneOf('sha1', 'sha256'),
  }),
  appSecret: key({
    env: ['RESET_APP_SECRET'],
    help: "the application's secret, for native links; Django's SECRET_KEY_FALLBACKS on lines of their own after it",
    json: { anyOf: [string, { type: 'array', items: string, minItems: 1 }] },
    parse: appSecrets,
    isSecret: true,
  }),
  appSecretFile: key({
    flag: '--app-secret-file <path>',
    env: ['RESET_APP_SECRET_FILE'],
    help: "file that holds the application's secret (mode 0600), one per line",
    json: string,
    parse: (value) => appSecrets(decodeText(readSecretFile(parse.text(value)))),
    aliasOf: 'appSecret',
  }),
} as const;

export type KeyName = keyof typeof KEYS;

/** What each key's parser gives, where the key is set or has a fallback. */
export type Values = { [K in KeyName]: ReturnType<(typeof KEYS)[K]['parse']> | undefined };

/** A JSON Schema of the config file, from the same table. */
export function jsonSchema(): Record<string, unknown> {
  const root: { properties: Record<string, Record<string, unknown>> } = { properties: {} };
  for (const [name, spec] of Object.entries<ConfigKey<unknown>>(KEYS)) {
    if (spec.aliasOf !== undefined) continue;
    const parts = name.split('.');
    const leaf = parts.pop() ?? name;
    const holder = parts.reduce((node, part) => {
      node.properties[part] ??= { type: 'object', additionalProperties: false, properties: {} };
      return node.properties[part] as unknown as typeof root;
    }, root);
    holder.properties[leaf] = { description: spec.help, ...spec.json };
  }
  const $schema = { type: 'string' };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'reset.config.json',
    type: 'object',
    additionalProperties: false,
    properties: { $schema, ...root.properties },
  };
}
