import type { LinkToken } from '../../values/link-token.ts';
import { defineForm, type Issuer, type Learn, type OpenIssuer, type Site } from '../issuer.ts';
import { knownByName, underSecretKey, WORKS_ONCE } from '../named-user.ts';
import { readPayload, shapesOf, writePayload, type PayloadShape } from '../payload.ts';
import {
  readTimed,
  TIMED,
  timedHashOf,
  timedVerdict,
  writeTimed,
  type TimedSigning,
} from '../timed-signature.ts';

/** Salts that applications name in public; the first is the library's own. */
const SALTS = [
  'itsdangerous',
  'password-reset-salt',
  'password-reset',
  'reset-password',
  'reset-salt',
  'reset-password-salt',
  'password_reset',
  'reset_password',
  'password-reset-token',
  'password_reset_salt',
  'recover-key',
  'recover',
  'reset',
  'forgot-password',
  'email-confirm',
  'email-confirm-salt',
  'email-confirm-key',
  'reset-request',
  'salt',
];

/** Which salt and hash it is signed with, and what its payload may name the user by. */
const learn: Learn = ({ token = '' }, secrets, hint) => {
  const algorithm = timedHashOf(token);
  if (algorithm === undefined) return undefined;
  const salts = [...(hint?.salt === undefined ? [] : [hint.salt]), ...SALTS];
  const [found] = salts.flatMap((salt) =>
    secrets.flatMap((secret) => {
      const read = readTimed(token, { secret, salt, algorithm });
      return read ? [{ salt, payload: read.payload }] : [];
    }),
  );
  if (found === undefined) {
    return {
      refused: `It is a token of itsdangerous (${algorithm}); either the secret is not the one it is signed with, or its salt is not one that reset knows. If the application's source names its salt, set link.token: { "form": "itsdangerous", "salt": "…" }`,
      reason: 'wrong_secret',
    };
  }
  const { salt, payload } = found;
  return {
    tokens: shapesOf(payload, []).map((shape) => ({ form: 'itsdangerous', ...shape, salt, algorithm })),
  };
};

/** What a token of this form says of its user, and of its own time. */
function openTimed(
  { secret, lifeMs, ...site }: Site,
  shape: PayloadShape,
  { salt, algorithm }: Omit<TimedSigning, 'secret'>,
): OpenIssuer {
  const signing = { secret, salt, algorithm };
  const read = (given: string) => {
    const found = readTimed(given, signing);
    const name = found && readPayload(found.payload, shape);
    return name === undefined ? undefined : { name, iat: found?.iat ?? 0 };
  };
  return {
    make: (person, { iat }) => ({ token: writeTimed(writePayload(person, shape), iat, signing) }),
    ...knownByName(site, shape.of, read, ({ iat }, now) => timedVerdict(iat, lifeMs, now)),
  };
}

function create(token: LinkToken): Omit<Issuer, 'shape' | 'learn'> {
  const { claim = 'user_id', of = 'id', text = false, also = {} } = token;
  const { salt = 'itsdangerous', algorithm = 'sha1' } = token;
  return {
    name: 'itsdangerous',
    source: 'pallets/itsdangerous: src/itsdangerous/url_safe.py, timed.py, signer.py',
    ...underSecretKey(of),
    page: '/reset_password',
    looks: { token: TIMED },
    lifeMs: 1_800_000,
    lifeSetting: 'max_age',
    unknown: ['the max_age that the application checks tokens with: set link.expiresIn to it', WORKS_ONCE],
    parameters: { claim: /^/, of: /./, text: /./, also: /./, salt: /^/, algorithm: /^sha(1|256|384|512)$/ },
    usual: { claim: 'user_id', of: 'id', text: false, also: {}, salt: 'itsdangerous', algorithm: 'sha1' },
    open: (site) => Promise.resolve(openTimed(site, { claim, of, text, also }, { salt, algorithm })),
  };
}

/** Text, a time and their signature: `URLSafeTimedSerializer` with any salt, of any payload that names the user. */
export const itsdangerous = defineForm('itsdangerous', learn, create);
