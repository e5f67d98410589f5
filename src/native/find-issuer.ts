import { isResetError, ResetError } from '../errors.ts';
import type { LinkToken, TokenParameter } from '../values/link-token.ts';
import { programName } from '../values/program-name.ts';
import type { Issuer } from './issuer.ts';
import { issuers } from './issuers/index.ts';
import { OF_PRESET } from './of-preset.ts';

/** What says which issuer an installation has. */
export interface IssuerChoice {
  readonly users: { readonly preset: string };
  readonly link: { readonly token?: LinkToken | undefined };
}

/** Every issuer, by its name. */
export const issuerNamed = (name: string): Issuer | undefined =>
  (issuers as readonly Issuer[]).find((issuer) => issuer.name === name);

/** The issuer that `link.token` names, else that of the preset; undefined if there is none. */
function chooseIssuer({ users, link }: IssuerChoice): Issuer | undefined {
  if (link.token) return shaped(link.token);
  const { form, ...own } = OF_PRESET[users.preset] ?? { form: users.preset };
  const issuer = issuerNamed(form);
  return issuer && { ...issuer, ...own };
}

/** Whether there is one, and `link.token` can be understood. */
export function hasIssuer(choice: IssuerChoice): boolean {
  try {
    return chooseIssuer(choice) !== undefined;
  } catch (error) {
    if (isResetError(error)) return false;
    throw error;
  }
}

/** The issuer of an installation. Throws config_invalid that names the known ones. */
export function findIssuer(choice: IssuerChoice): Issuer {
  const found = chooseIssuer(choice);
  if (found) return found;
  throw new ResetError(
    'config_invalid',
    `There are no native links for the preset ${choice.users.preset} by itself. Let ${programName} learn them from a link that the application has mailed: ${programName} init --sample-link LINK --app-secret-file FILE. Or name the form, link.token: { "form": … }, one of: ${names()}. Or leave out --native (link.native).`,
  );
}

const names = (): string => issuers.map(({ name }) => name).join(', ');

/** The form with its parameters. Throws config_invalid for what the form does not know. */
function shaped(token: LinkToken): Issuer {
  const issuer = issuerNamed(token.form);
  if (!issuer) throw refuse(`.form must be one of: ${names()}`);
  const { form, ...given } = token;
  const parameters = issuer.parameters ?? {};
  for (const [name, value] of Object.entries(given) as [TokenParameter, unknown][]) {
    const allowed = parameters[name];
    if (!allowed) {
      const known = Object.keys(parameters).join(', ') || 'none';
      throw refuse(`.${name} does not belong to ${form}, which takes: ${known}`);
    }
    if (typeof value === 'string' && !allowed.test(value))
      throw refuse(`.${name} of ${form} must match ${allowed.source}`);
  }
  return issuer.shape?.(token) ?? issuer;
}

const refuse = (why: string) => new ResetError('config_invalid', `"link.token"${why}.`);
