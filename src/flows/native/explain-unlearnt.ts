import { ResetError } from '../../errors.ts';
import type { Issuer } from '../../native/issuer.ts';
import { masterKey, strangeSecret } from '../../native/secret-readings.ts';
import type { Tried } from './learnt.ts';

/** Why no form takes a link: a wrong secret and an unknown form are told apart where that can be known. */
export function explainNothing(tried: readonly Tried[], secrets: readonly string[]): ResetError {
  const [refused] = tried.flatMap(({ issuer, refused }) => (refused ? [{ issuer, refused }] : []));
  if (refused)
    return refuse(withSecrets(refused.refused.refused, refused.issuer, secrets), refused.refused.reason);
  const named = tried.find(({ user }) => user);
  if (named) return refuse(...ofUser(named, secrets));
  const likely = tried.filter(({ issuer }) => isTelling(issuer.name));
  const names = [...new Set(likely.map(({ issuer }) => issuer.name))];
  const [first] = likely;
  if (first) {
    return refuse(
      withSecrets(
        `It looks like a link of ${names.join(' or ')}, but no user of this database has it: it was used, replaced, it belongs to another installation${likely.some(({ issuer }) => issuer.secret !== null) ? ', or the secret is another one' : ''}. Use the newest mail.`,
        first.issuer,
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

function ofUser({ issuer, user, proof }: Tried, secrets: readonly string[]): [string, string] {
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
    withSecrets(
      `It looks like a link of ${issuer.name} for ${who}. The secret is another one, or since the mail the password, the address or the last sign-in has changed. Use the newest mail, and compare the ${issuer.secret}.`,
      issuer,
      secrets,
    ),
    'refused',
  ];
}

/** Forms whose links nobody takes for others. */
const isTelling = (name: string): boolean => !['better-auth', 'wordpress', 'devise'].includes(name);

/** What is wrong with the secrets that were given, at a glance. */
function withSecrets(text: string, issuer: Issuer, secrets: readonly string[]): string {
  if (secrets.length === 0)
    return `${text} No secret is set: put it into RESET_APP_SECRET, or into a file of mode 0600: --app-secret-file`;
  const strange = issuer.secret === null ? [] : secrets.map((each) => strangeOf(issuer, each));
  return [text, ...strange.filter((each) => each !== undefined)].join(' ');
}

const strangeOf = (issuer: Issuer, secret: string): string | undefined =>
  strangeSecret(issuer, secret) ?? masterKey(issuer, secret);

const refuse = (message: string, reason: string) =>
  new ResetError('token_invalid', `The form of this link is not known. ${message}`, { details: { reason } });
