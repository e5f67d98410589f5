import { isDeepStrictEqual } from 'node:util';
import type { Config } from '../../config/config.ts';
import { findIssuer, hasIssuer, issuerNamed } from '../../native/find-issuer.ts';
import type { Issuer } from '../../native/issuer.ts';
import { linkTemplate } from '../../native/link-path.ts';
import type { LinkToken } from '../../values/link-token.ts';
import type { Learnt } from './learnt.ts';

/** `link` of the configuration, with what its preset does not say by itself. */
export interface LinkSettings {
  readonly native: true;
  readonly path?: string;
  readonly digest?: 'sha1';
  readonly token?: LinkToken;
}

/** What to write down so that links have the form that was learnt. */
export function linkSettings({ users }: Pick<Config, 'users'>, learnt: Learnt): LinkSettings {
  const { form, ...token } = withoutUsual(learnt.token);
  const isPresets =
    Object.keys(token).length === 0 && presetIssuer(users.preset)?.name === ofPreset(form, users.preset);
  const issuer = isPresets ? presetIssuer(users.preset) : issuerNamed(form);
  return {
    native: true,
    ...(issuer && linkTemplate(issuer, undefined) === learnt.path ? {} : { path: learnt.path }),
    ...(learnt.issuer.usesDigest && learnt.digest === 'sha1' ? { digest: 'sha1' as const } : {}),
    ...(isPresets ? {} : { token: { form, ...token } }),
  };
}

/** The tutorial's own JWT is the one that a plain `jwt` is. */
const ofPreset = (form: string, preset: string): string =>
  form === 'jwt' && preset === 'flask-microblog' ? preset : form;

function presetIssuer(preset: string): Issuer | undefined {
  const choice = { users: { preset }, link: {} };
  return hasIssuer(choice) ? findIssuer(choice) : undefined;
}

function withoutUsual(token: LinkToken): LinkToken {
  const usual: Readonly<Record<string, unknown>> = { ...issuerNamed(token.form)?.usual };
  const entries = Object.entries(token).filter(([name, value]) => !isDeepStrictEqual(usual[name], value));
  return Object.fromEntries(entries) as unknown as LinkToken;
}

/** The form in one line. */
export function describeLearnt({ issuer, token, path, user, proof, secret }: Learnt): string {
  const parameters = parametersOf({ ...issuer.usual, ...token });
  const what = parameters === '' ? issuer.name : `${issuer.name} (${parameters})`;
  const how =
    proof === 'same' ? `the same token was made again for ${user.email}` : `it is accepted for ${user.email}`;
  const note =
    secret?.note === undefined || issuer.olderSecrets !== null
      ? ''
      : ` The secret is right ${secret.note}: write it like that.`;
  return `A link of ${what} at ${path}; ${how}.${note}`;
}

function parametersOf({ claim, of, text, salt = '', algorithm = '' }: Partial<LinkToken>): string {
  // Where a form always names the user alike, `claim` is the purpose that the token is for.
  if (of === undefined) return claim ?? '';
  const value = text === true ? 'id as text' : of;
  const places: Readonly<Record<string, string>> = { '': value, '[]': `[${value}]` };
  const place = places[claim ?? ''] ?? `{"${claim ?? ''}": ${value}}`;
  return [place, salt === '' ? '' : `salt ${salt}`, algorithm].filter((each) => each !== '').join(', ');
}
