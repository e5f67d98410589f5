import { ResetError } from '../../errors.ts';
import type { Tried } from './learnt.ts';

/** Why no form takes a link: a wrong secret and an unknown form are told apart where that can be known. */
export function explainNothing(tried: readonly Tried[], secrets: number): ResetError {
  const [refused] = tried.flatMap((each) => (each.refused ? [each.refused] : []));
  if (refused) return refuse(withoutSecret(refused.refused, secrets), refused.reason);
  const named = tried.find(({ user }) => user);
  if (named) return refuse(...ofUser(named, secrets));
  const likely = tried.filter(({ issuer }) => isTelling(issuer.name));
  const names = [...new Set(likely.map(({ issuer }) => issuer.name))];
  if (names.length > 0) {
    return refuse(
      withoutSecret(
        `It looks like a link of ${names.join(' or ')}, but no user of this database has it: it was used, replaced, it belongs to another installation${likely.some(({ issuer }) => issuer.secret !== null) ? ', or the secret is another one' : ''}. Use the newest mail.`,
        secrets,
      ),
      'not_found',
    );
  }
  return refuse(
    'No form that reset knows fits this link, so the application makes its tokens in a way of its own.',
    'unknown_form',
  );
}

function ofUser({ issuer, user, proof }: Tried, secrets: number): [string, string] {
  const who = user?.email ?? '';
  if (issuer.secret === null)
    return [
      `It is a link of ${issuer.name} for ${who}, and was used, replaced or changed. Use the newest mail.`,
      'changed',
    ];
  if (proof === false)
    return [
      `It is a link of ${issuer.name} for ${who}, and the secret is not the ${issuer.secret}: the newest session is signed with another.`,
      'wrong_secret',
    ];
  if (proof === true)
    return [
      `It is a link of ${issuer.name} for ${who}, and the secret is right: since the mail, the password, the address or the last sign-in has changed, or the application has its own token generator. Use the newest mail.`,
      'changed',
    ];
  return [
    withoutSecret(
      `It looks like a link of ${issuer.name} for ${who}. The secret is another one, or since the mail the password, the address or the last sign-in has changed. Use the newest mail, and compare the ${issuer.secret}.`,
      secrets,
    ),
    'refused',
  ];
}

/** Forms whose links nobody takes for others. */
const isTelling = (name: string): boolean => !['better-auth', 'wordpress', 'devise'].includes(name);

const withoutSecret = (text: string, secrets: number): string =>
  secrets > 0
    ? text
    : `${text} No secret is set: put it into RESET_APP_SECRET, or into a file of mode 0600: --app-secret-file`;

const refuse = (message: string, reason: string) =>
  new ResetError('token_invalid', `The form of this link is not known. ${message}`, { details: { reason } });
