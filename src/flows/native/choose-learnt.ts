import { ResetError } from '../../errors.ts';
import type { Person } from '../../native/issuer.ts';
import type { Learnt } from './learnt.ts';

/** Claims that say what a token is for. Whatever else stands in one may be another for the next user. */
const CONSTANT_CLAIMS =
  /^(aud|iss|typ|type|token_type|tokenType|purpose|action|scope|use|token_use|kind|for|reason|op|operation|event|reset|password_reset|reset_password|resetPassword|passwordReset)$/;
const CONSTANT_VALUE = /^[A-Za-z][A-Za-z_:./ -]{0,60}$/;

/**
 * The one form that the link has; undefined if there is none. Throws token_invalid when it may be several, of which
 * another user's link would be wrong.
 */
export function chooseOne(learnt: readonly Learnt[]): Learnt | undefined {
  const possible = learnt.filter((one) => isConstant(one));
  const [first] = possible;
  if (!first) {
    if (learnt.length > 0)
      throw refuse(
        'It holds more than the user’s name, and nobody but the application knows what the next link would hold.',
      );
    return undefined;
  }
  const claims = new Set(possible.map(({ issuer, token }) => `${issuer.name} ${token.claim ?? ''}`));
  if (claims.size > 1) throw refuse('It names its user in several places.');
  const byName = possible.filter(({ token }) => token.of === possible[0]?.token.of);
  if (byName.length === possible.length || isAddress(first)) return first;
  const names = possible.map(({ token }) => token.of ?? '').join(' or the ');
  throw refuse(
    `It names its user by the ${names}, which are the same for ${first.user.email}. Use the link of a user for whom they differ.`,
  );
}

/** An address that is the user name as well: the next one's will be their address. */
const isAddress = ({ token }: Learnt): boolean => token.of === 'email';

function isConstant({ token, person }: Learnt): boolean {
  return Object.entries(token.also ?? {}).every(
    ([name, value]) =>
      CONSTANT_CLAIMS.test(name) &&
      (typeof value === 'boolean' || (typeof value === 'string' && CONSTANT_VALUE.test(value))) &&
      !namesOf(person).includes(String(value).toLowerCase()),
  );
}

const namesOf = ({ id, email, username }: Person): string[] =>
  [id, email, username ?? ''].filter((name) => name !== '').map((name) => name.toLowerCase());

const refuse = (why: string) =>
  new ResetError(
    'token_invalid',
    `This link is signed with the secret, but its form can't be learnt from it. ${why}`,
    {
      details: { reason: 'ambiguous' },
    },
  );
