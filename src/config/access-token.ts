import { ResetError } from '../errors.ts';
import { decodeText } from '../values/decode-text.ts';
import { Secret } from '../values/secret.ts';
import { readSecretFile } from './secret-file.ts';

/**
 * The OAuth 2.0 access token in a file: one line, which another program renews (RFC 6750, 2.1: letters, digits and a
 * few marks). The file is checked like a key (R79). Throws config_invalid, never with the token.
 */
export function readAccessToken(path: string): Secret<string> {
  const token = decodeText(readSecretFile(path)).trim();
  if (/^[\w.~+/-]+=*$/.test(token)) return new Secret(token);
  throw new ResetError(
    'config_invalid',
    `The token file ${path} ${token === '' ? 'is empty' : 'does not hold one access token and nothing else'}. Write the token into it as one line.`,
  );
}
