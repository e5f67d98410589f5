import type { LinkToken } from '../../values/link-token.ts';
import { defineForm, type Issuer, type Learn, type OpenIssuer, type Person, type Site } from '../issuer.ts';
import { numberIfNumeral } from '../payload.ts';
import { railsKey, readRails, writeRails, type RailsVerifier } from '../rails-message.ts';
import { NEVER } from '../signed-token.ts';

/** Model, name and life in seconds, as the model declares it. */
const PURPOSE = 'User\npassword_reset\n900';
const LOOKS = /^[\w+/=-]{20,}--[0-9a-f]{40}$/;

/** The end of bcrypt's salt, which a new password changes. */
const saltOf = ({ encoded }: Person): string | null =>
  /^\$2[aby]\$\d\d\$(.{22})/.exec(encoded)?.[1]?.slice(-10) ?? null;

const dataOf = (person: Person): readonly [number | string, string | null] => [
  numberIfNumeral(person.id),
  saltOf(person),
];

/** `claim` says it with spaces, because a line of a config file has no line ends. */
const purposeOf = (claim: string): string => claim.replaceAll(' ', '\n');

const learn: Learn = ({ token = '' }) => {
  const read = LOOKS.test(token) ? readRails(token, undefined) : undefined;
  const claim = read?.purpose.replaceAll('\n', ' ') ?? '';
  return /^\w+(::\w+)* \w+ \d+$/.test(claim) ? { tokens: [{ form: 'rails', claim }] } : undefined;
};

function openToken({ secret, digest }: Site, claim: string): OpenIssuer {
  const verifier: RailsVerifier = { key: railsKey(secret, 'active_record/token_for', digest), hash: 'sha1' };
  const purpose = purposeOf(claim);
  const read = (token: string) => {
    const message = readRails(token, verifier);
    return message?.purpose === purpose && Array.isArray(message.data) ? message : undefined;
  };
  return {
    make: (person, { iat }) => ({
      token: writeRails(
        { data: dataOf(person), purpose, expiresAt: iat + Number(purpose.split('\n')[2]) },
        verifier,
        false,
      ),
    }),
    whose: (_db, { token = '' }) => {
      const [id] = (read(token)?.data ?? []) as readonly unknown[];
      const isNamed = typeof id === 'number' || typeof id === 'string';
      return Promise.resolve(isNamed ? { id: String(id) } : undefined);
    },
    check: (_db, person, { token = '' }, now) => {
      const message = read(token);
      if (!message || JSON.stringify(message.data) !== JSON.stringify(dataOf(person)))
        return Promise.resolve({ state: 'invalid' });
      const expiresAt = message.expiresAt ?? NEVER;
      const issuedAt = Math.floor(expiresAt) - Number(purpose.split('\n')[2]);
      const state = expiresAt * 1000 <= now ? 'expired' : 'good';
      return Promise.resolve({ state, issuedAt, expiresAt: Math.floor(expiresAt) });
    },
  };
}

function create({ claim = PURPOSE.replaceAll('\n', ' ') }: LinkToken): Omit<Issuer, 'shape' | 'learn'> {
  return {
    name: 'rails',
    source:
      'rails/rails: activerecord/lib/active_record/token_for.rb, railtie.rb; activemodel/lib/active_model/secure_password.rb; activesupport/lib/active_support/message_verifier.rb, messages/metadata.rb',
    secret: 'secret_key_base',
    olderSecrets: null,
    columns: [],
    page: '/passwords',
    tail: '/{token}/edit',
    looks: { token: LOOKS },
    lifeMs: Number(claim.split(' ')[2]) * 1000,
    lifeSetting: 'expires_in',
    replaces: false,
    outlivesUse: false,
    unknown: ['whether the application’s messages are JSON (load_defaults 7.1 and later)'],
    parameters: { claim: /^\w+(::\w+)* \w+ \d+$/ },
    usual: { claim: PURPOSE.replaceAll('\n', ' ') },
    usesDigest: true,
    open: (site) => Promise.resolve(openToken(site, claim)),
  };
}

/** `generates_token_for :password_reset`, as Rails 8 has it by itself: the id and the end of the salt, signed. */
export const rails = defineForm('rails', learn, create);
