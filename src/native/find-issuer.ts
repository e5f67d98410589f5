import { ResetError } from '../errors.ts';
import type { Issuer } from './issuer.ts';
import { issuers } from './issuers/index.ts';

/** The issuer of a preset. Throws config_invalid that names the known ones. */
export function findIssuer(preset: string): Issuer {
  const found = (issuers as readonly Issuer[]).find(({ name }) => name === preset);
  if (found) return found;
  const names = issuers.map(({ name }) => name).join(', ');
  throw new ResetError(
    'config_invalid',
    `There are no native links for the preset ${preset}, only for: ${names}. Leave out --native (link.native).`,
  );
}
