import { domainToASCII } from 'node:url';
import { nameHost } from '../values/name-host.ts';
import type { MailServerChoice } from './mail-server.ts';
import type { KeyName, Values } from './schema.ts';

type Required<K extends KeyName> = NonNullable<Values[K]>;

/** The configuration as the rest of the program gets it: typed, frozen, its secrets wrapped. */
export interface Config {
  readonly database: Values['database'];
  /** the database of our own tables; undefined: the same as `database` */
  readonly ledger: Values['ledger'];
  readonly users: {
    readonly preset: string;
    /** the operator's overrides of the preset, such as column names, as written */
    readonly overrides: Readonly<Record<string, unknown>>;
  };
  readonly baseUrl: Values['baseUrl'];
  /** decoded signing keys: the first signs, all verify */
  readonly secrets: Required<'secret'>;
  readonly mail: {
    readonly url: Values['mail.url'];
    readonly from: Values['mail.from'];
    readonly replyTo: Values['mail.replyTo'];
    readonly envelopeFrom: Values['mail.envelopeFrom'];
    /** instead of it, marked for each mail */
    readonly bounces: Values['mail.bounces'];
    /** our name in EHLO (default: the sender's domain) */
    readonly ehlo: string | undefined;
    /** mails contain a one-time code beside the link */
    readonly code: boolean;
    readonly locale: string;
    /** mails a second */
    readonly rate: number | undefined;
    readonly connections: number;
  };
  readonly timeZone: string;
  readonly appName: string;
  readonly expiresInMs: number | undefined;
  readonly password: {
    readonly minLength: number;
    readonly normalize: Values['password.normalize'];
    readonly blocklist: string | undefined;
    /** from the one that the user has now */
    readonly differs: boolean;
  };
  readonly templates: string | undefined;
  readonly server: {
    readonly host: string;
    readonly port: number;
    readonly trustProxy: Values['server.trustProxy'];
  };
  readonly loginUrl: string | undefined;
  readonly smoke: { readonly user: string | undefined };
  readonly brand: {
    readonly color: string | undefined;
    readonly logo: string | undefined;
    readonly support: string | undefined;
  };
  /** limits for operators who end access */
  readonly support: {
    readonly requireTicket: boolean;
    /** column of the users table → what it is for a protected user; one match is enough */
    readonly protect: Readonly<Record<string, unknown>>;
    readonly perHour: number | undefined;
  };
  /** the application's own reset links */
  readonly link: {
    readonly native: boolean;
    readonly path: string | undefined;
    /** the form of its token, if it is not the preset's own */
    readonly token: Values['link.token'];
    readonly expiresInMs: number | undefined;
    readonly digest: 'sha1' | 'sha256';
  };
  /** the application's own: the first signs, the rest are its older ones */
  readonly appSecrets: Required<'appSecret'>;
  /** key → where its value came from, for `doctor` and messages */
  readonly sources: ReadonlyMap<string, string>;
  /** the keys that a flag of this command has set */
  readonly flagged: ReadonlySet<string>;
  /** path of the config file, if there is one */
  readonly file: string | undefined;
  readonly warnings: readonly string[];
  /** whether `mail.url` is the setup's own, or replaces it in this process */
  readonly mailServer: MailServerChoice;
}

/** Parsed values → the shape above. */
export function toConfig(
  values: Values,
  origin: Pick<Config, 'sources' | 'flagged' | 'file' | 'warnings' | 'mailServer'>,
): Config {
  const overrides = Object.fromEntries(
    Object.entries(values)
      .filter(([name, value]) => name.startsWith('users.') && name !== 'users.preset' && value !== undefined)
      .map(([name, value]) => [name.slice('users.'.length), value]),
  );
  const config: Config = {
    database: values.database,
    ledger: values.ledger,
    users: { preset: values['users.preset'] ?? 'default', overrides },
    baseUrl: values.baseUrl,
    secrets: values.secret ?? [],
    mail: {
      url: values['mail.url'],
      from: values['mail.from'],
      replyTo: values['mail.replyTo'],
      envelopeFrom: values['mail.envelopeFrom'],
      bounces: values['mail.bounces'],
      ehlo: values['mail.ehlo'] ?? ehloOf(values['mail.from']?.address),
      code: values['mail.code'] ?? false,
      locale: values['mail.locale'] ?? 'en',
      rate: values['mail.rate'],
      connections: values['mail.connections'] ?? 3,
    },
    timeZone: values.timeZone ?? 'UTC',
    appName: values.appName ?? (values.baseUrl === undefined ? 'your account' : nameHost(values.baseUrl)),
    expiresInMs: values['token.expiresIn'],
    password: {
      minLength: values['password.minLength'] ?? 15,
      normalize: values['password.normalize'],
      blocklist: values['password.blocklist'],
      differs: values['password.differs'] ?? false,
    },
    templates: values.templates,
    server: {
      host: values['server.host'] ?? '127.0.0.1',
      port: values['server.port'] ?? 8025,
      trustProxy: values['server.trustProxy'],
    },
    loginUrl: values.loginUrl,
    smoke: { user: values['smoke.user'] },
    support: {
      requireTicket: values['support.requireTicket'] ?? false,
      protect: values['support.protect'] ?? {},
      perHour: values['support.perHour'],
    },
    brand: { color: values['brand.color'], logo: values['brand.logo'], support: values['brand.support'] },
    link: {
      native: values['link.native'] ?? false,
      path: values['link.path'],
      token: values['link.token'],
      expiresInMs: values['link.expiresIn'],
      digest: values['link.digest'] ?? 'sha256',
    },
    appSecrets: values.appSecret ?? [],
    ...origin,
  };
  return deepFreeze(config);
}

/** Relays refuse the name of a container; the sender's domain is one they know. */
const ehloOf = (sender: string | undefined): string | undefined =>
  sender === undefined ? undefined : domainToASCII(sender.slice(sender.lastIndexOf('@') + 1)) || undefined;

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) {
    if (typeof inner === 'object' && inner !== null && Object.getPrototypeOf(inner) === Object.prototype) {
      deepFreeze(inner as object);
    }
  }
  return Object.freeze(value);
}
