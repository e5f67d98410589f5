import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { findIssuer } from '../../../src/native/find-issuer.ts';
import { fillLink, linkTemplate, partsOf } from '../../../src/native/link-path.ts';
import type { Db } from '../../../src/db/connect.ts';
import type { Issuer, OpenIssuer, Person, Site } from '../../../src/native/issuer.ts';
import type { LinkToken } from '../../../src/values/link-token.ts';
import { openIssuer } from '../../helpers/open-issuer.ts';

/** A stream of numbers that is the same in every run. */
export function createRandom(seed: number) {
  let count = 0;
  const bytes = () =>
    createHash('sha256')
      .update(`${seed} ${(count += 1)}`)
      .digest();
  const below = (limit: number): number => bytes().readUInt32BE() % limit;
  return {
    below,
    pick: <T>(items: readonly T[]): T => items[below(items.length)]!,
    text: (length: number): string => bytes().toString('base64url').slice(0, length),
    bytes,
  };
}
export type Random = ReturnType<typeof createRandom>;

export interface Form {
  readonly token: LinkToken;
  readonly path: string;
}

const CLAIMS = ['user_id', 'reset', 'reset_password', 'id', 'sub', 'email', 'user'];
const SALTS = ['itsdangerous', 'password-reset-salt', 'password-reset', 'reset-salt', 'recover-key'];
const PATHS = [
  '/reset_password/{token}',
  '/auth/reset/{token}',
  '/reset?token={token}',
  '/#/reset/{token}',
  '/r/{token}/',
];

/** A signed form of any parameters. `text` only where it makes a difference. */
export function anySigned(random: Random): Form {
  const form = random.pick(['itsdangerous', 'itsdangerous-jws', 'jwt']);
  const of = random.pick(['id', 'email', 'username']);
  const claim = random.pick(form === 'jwt' ? CLAIMS : ['', '[]', ...CLAIMS]);
  const text = of === 'id' && random.below(4) === 0;
  const algorithm =
    form === 'itsdangerous'
      ? random.pick(['sha1', 'sha256', 'sha512'])
      : random.pick(['HS256', 'HS384', 'HS512']);
  const more =
    form === 'itsdangerous'
      ? { salt: random.pick(SALTS) }
      : form === 'jwt'
        ? { times: random.pick([['exp'], ['exp', 'iat'], ['iat'], []] as const) }
        : {};
  return { token: { form, claim, of, text, algorithm, ...more }, path: random.pick(PATHS) };
}

/** The link of a person in a form, made with a secret at a second. */
export async function linkOf(
  { token, path }: Form,
  person: Person,
  {
    secret,
    iat,
    base,
    settings = {},
  }: { secret: string; iat: number; base: string; settings?: Partial<Site> },
): Promise<string> {
  const issuer = findIssuer({ users: { preset: 'default' }, link: { token } });
  const opened = await openIssuer(issuer, { secret, ...settings });
  return fillLink(
    base,
    path,
    partsOf(person, opened.make(person, { iat, exp: iat + 1800, seed: Buffer.alloc(96, 3) })),
  );
}

/** What the forms that need the database alone look at, so that each of them has a look. */
export async function addTokenTables(db: Db): Promise<void> {
  await db.schema.alterTable('users', (table) => {
    for (const name of [
      ...['reset_password_token', 'confirmation_token', 'registration_token', 'mfaSecret'],
      ...['user_activation_key', 'fs_uniquifier', 'password_digest', 'encrypted_password'],
    ])
      table.string(name, 200);
    table.timestamp('last_login').nullable();
    for (const name of ['reset_password_expiration', 'reset_password_sent_at'])
      table.timestamp(name).nullable();
    table.boolean('mfaEnabled');
  });
  await db.schema.createTable('tokens', (table) => {
    table.increments('id');
    table.integer('user_id');
    for (const name of ['action', 'value']) table.string(name, 40);
    for (const name of ['created_on', 'updated_on']) table.timestamp(name).nullable();
  });
  await db.schema.createTable('settings', (table) => {
    table.string('key', 50).primary();
    table.text('value');
  });
  await db('settings').insert({ key: 'db_hash', value: 'the db_hash of this site' });
  for (const [name, columns] of Object.entries(TOKEN_TABLES))
    await db.schema.createTable(name, (table) => {
      for (const column of columns.split(' '))
        if (/(At|_at)$/.test(column)) table.timestamp(column).nullable();
        else table.string(column, 200);
    });
}

const TOKEN_TABLES = {
  verification: 'id identifier value expiresAt createdAt updatedAt',
  password_reset_tokens: 'email token created_at',
  reset_password_request: 'user_id selector hashed_token requested_at expires_at',
  account_emailaddress: 'user_id email',
};

/** Links of nobody's form: random words, and what looks like a token without being one. */
export function foreignLink(random: Random, base: string): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const secret = random.text(20);
  const id = random.below(30);
  const signed = (text: string, hash: string) =>
    `${text}.${createHmac(hash, secret).update(text).digest('base64url')}`;
  const email = `user${id}@example.com`;
  const head = encode({ alg: 'HS256', typ: 'JWT' });
  const ends = { hash: random.text(8), exp: 4_000_000_000 };
  const kinds = [
    () => random.bytes().toString('hex'),
    () => random.text(20),
    () => random.text(24),
    () => random.text(40),
    () => signed(`${encode({ alg: 'HS256' })}.${encode({ user_id: id, exp: 4_000_000_000 })}`, 'sha256'),
    () => signed(`${encode({ alg: 'none' })}.${encode({ reset_password: id })}`, 'sha256'),
    () => signed(`${encode({ user_id: id })}.${random.text(6)}`, 'sha1'),
    () =>
      `${encode(String(id))}/${random.below(1e9).toString(36)}-${random.bytes().toString('hex').slice(0, 32)}`,
    () =>
      `${id.toString(36)}-${random.below(1e9).toString(36)}-${random.bytes().toString('hex').slice(0, 32)}`,
    () =>
      `${encode({ _rails: { message: encode(id), exp: null, pur: 'user/password_reset' } })}--${random.bytes().toString('hex')}`,
    () => pbkdf2Sync(secret, String(id), 1, 18, 'sha256').toString('base64url'),
    // As Redmine, Payload and Strapi keep them, but of nobody; then Ghost's, Directus' and n8n's of another secret.
    () => random.bytes().toString('hex').slice(0, 40),
    () => Array.from({ length: 4 }, () => random.bytes().toString('hex').slice(0, 32)).join(''),
    () => Buffer.from(`4000000000000|${email}|${random.bytes().toString('base64')}`).toString('base64url'),
    () => signed(`${head}.${encode({ email, scope: 'password-reset', ...ends, iss: 'directus' })}`, 'sha256'),
    () => signed(`${head}.${encode({ sub: String(id), ...ends, aud: 'n8n-password-reset' })}`, 'sha256'),
  ];
  const token = random.pick(kinds)();
  const place = random.pick([
    '/reset/',
    '/accounts/password/reset/key/',
    '/accounts/reset/',
    '/?token=',
    '/users/password/edit?reset_password_token=',
  ]);
  return `${base}${place}${token}${random.pick(['', '/', '?email=user1%40example.com'])}`;
}

const OTHERS = ['one other secret', 'a second secret, which is long enough', 'c'.repeat(64)];

/** Links that every issuer makes for somebody here, in a site whose secret is another one, or whose rows are. */
export async function openOthers(issuers: readonly Issuer[], db: Db) {
  const makers: { readonly issuer: Issuer; readonly opened: OpenIssuer }[] = [];
  // What Ghost signs with is in its database.
  const [own] = await db('settings').where('key', 'db_hash').pluck<string[]>('value');
  for (const secret of OTHERS) {
    await db('settings').where('key', 'db_hash').update('value', secret);
    for (const issuer of issuers) makers.push({ issuer, opened: await openIssuer(issuer, { secret, db }) });
  }
  await db('settings')
    .where('key', 'db_hash')
    .update('value', own ?? null);
  return (random: Random, person: Person, { iat, base }: { iat: number; base: string }): string => {
    const { issuer, opened } = random.pick(makers);
    const seed = Buffer.concat([random.bytes(), random.bytes(), random.bytes()]);
    const parts = opened.make(person, { iat, exp: iat + 1800, seed });
    return fillLink(base, linkTemplate(issuer, undefined), partsOf(person, parts));
  };
}
