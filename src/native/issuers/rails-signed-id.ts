import type { LinkToken } from '../../values/link-token.ts';
import { defineForm, type Issuer, type Learn, type OpenIssuer, type Site } from '../issuer.ts';
import { numberIfNumeral } from '../payload.ts';
import { railsKey, readRails, writeRails, type RailsVerifier } from '../rails-message.ts';
import { NEVER } from '../signed-token.ts';

/** Model, then purpose. */
const PURPOSE = 'user/password_reset';
const CLAIM = /^\w+(\/\w+)*$/;
const LOOKS = /^[\w+/=-]{20,}--[0-9a-f]{64}$/;

const idOf = (data: unknown): string | undefined =>
  typeof data === 'number' || typeof data === 'string' ? String(data) : undefined;

const learn: Learn = ({ token = '' }) => {
  const read = LOOKS.test(token) ? readRails(token, undefined) : undefined;
  return read && CLAIM.test(read.purpose) && idOf(read.data) !== undefined
    ? { tokens: [{ form: 'rails-signed-id', claim: read.purpose }] }
    : undefined;
};

function openToken({ secret, digest }: Site, purpose: string): OpenIssuer {
  const verifier: RailsVerifier = {
    key: railsKey(secret, 'active_record/signed_id', digest),
    hash: 'sha256',
  };
  const read = (token: string) => {
    const message = readRails(token, verifier);
    return message?.purpose === purpose ? message : undefined;
  };
  return {
    // The older envelope, which every version reads.
    make: (person, { exp }) => ({
      token: writeRails({ data: numberIfNumeral(person.id), purpose, expiresAt: exp }, verifier, true),
    }),
    whose(_db, { token = '' }) {
      const id = idOf(read(token)?.data);
      return Promise.resolve(id === undefined ? undefined : { id });
    },
    check(_db, person, { token = '' }, now) {
      const message = read(token);
      if (!message || idOf(message.data) !== person.id) return Promise.resolve({ state: 'invalid' });
      const expiresAt = message.expiresAt ?? NEVER;
      const state = expiresAt * 1000 <= now ? 'expired' : 'good';
      return Promise.resolve({ state, issuedAt: null, expiresAt: Math.floor(expiresAt) });
    },
  };
}

function create({ claim = PURPOSE }: LinkToken): Omit<Issuer, 'shape' | 'learn'> {
  return {
    name: 'rails-signed-id',
    source:
      'rails/rails: activerecord/lib/active_record/signed_id.rb, railtie.rb; activesupport/lib/active_support/message_verifier.rb, messages/metadata.rb',
    secret: 'secret_key_base',
    olderSecrets: null,
    columns: [],
    page: '/password/reset/edit',
    tail: '?token={token}',
    looks: { token: LOOKS },
    lifeMs: 900_000,
    lifeSetting: null,
    replaces: false,
    outlivesUse: true,
    unknown: [
      'where the page is (link.path), and the purpose that it asks for (link.token.claim): each application chooses its own',
    ],
    parameters: { claim: CLAIM },
    usual: { claim: PURPOSE },
    usesDigest: true,
    open: (site) => Promise.resolve(openToken(site, claim)),
  };
}

/** `signed_id purpose: :password_reset` of Rails 6.1 and later: the id and an end, signed. Nothing else ends it. */
export const railsSignedId = defineForm('rails-signed-id', learn, create);
