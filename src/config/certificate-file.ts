import { readFileSync, statSync } from 'node:fs';
import { ResetError } from '../errors.ts';
import { assertTrusted } from '../values/trusted-path.ts';
import { isMountedSecret } from './secret-mount.ts';

/**
 * The bytes of a file with certificate authorities. Everybody may read it, but whoever can write it decides which
 * server we believe, so it is checked like a key (R79). Throws config_invalid.
 *
 * @param where which setting names the file, such as `the mail URL`
 */
export function readCertificateFile(path: string, where: string): Buffer {
  try {
    if (!isMountedSecret(path, statSync(path))) assertTrusted(path, 'The certificate file');
    return readFileSync(path);
  } catch (cause) {
    if (cause instanceof ResetError) throw cause;
    throw new ResetError(
      'config_invalid',
      `The certificate file ${path} of ${where} can't be read. Check the path and the permissions.`,
      { cause },
    );
  }
}
