import { plural } from '../../values/plural.ts';
import type { Config } from '../../config/config.ts';
import { createKeyring } from '../../tokens/keyring.ts';
import type { Finding } from './finding.ts';
import { failureOf, ok, warning } from './finding.ts';

/** R06: a link that lives longer than a day is found in old mailboxes. */
const LONG_MS = 86_400_000;

/** The keys as tokens are signed with them; their strength was looked at when they were read. */
export function checkKey({ secrets, expiresInMs }: Config): Finding[] {
  if (secrets.length === 0) return [];
  try {
    const { current } = createKeyring(secrets);
    const older = secrets.length - 1;
    const others =
      older === 0 ? '' : `, and ${plural(older, 'older one still verifies', 'older ones still verify')}`;
    const found = [ok('key_signs', `key ${current.kid} signs${others}`)];
    if (expiresInMs !== undefined && expiresInMs > LONG_MS) {
      const message = `links live for ${Math.round(expiresInMs / 3_600_000)} hours, and anyone who finds one can use it`;
      found.push(warning('links_live_long', message, { remedy: 'set token.expiresIn to 24h or less' }));
    }
    return found;
  } catch (error) {
    return [failureOf('key_unusable', error)];
  }
}
