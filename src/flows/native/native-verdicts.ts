import type { Verdict } from '../../native/issuer.ts';
import { matchesFingerprint } from '../../tokens/fingerprint.ts';
import type { Keyring } from '../../tokens/keyring.ts';
import type { TokenRow } from '../../tokens/token-store.ts';
import type { User } from '../../types.ts';
import { sqlOf } from '../../users/sql-store/sql-of.ts';
import type { UsersReader } from '../../users/store/users-store.ts';
import type { Native } from './native-link.ts';
import { makeNative } from './native-link.ts';
import { toPersons } from './open-site.ts';

interface Asked {
  readonly seenBy: UsersReader;
  readonly keyring: Keyring;
  readonly users: readonly User[];
  /** tokens of these users; those of other issuers are left out */
  readonly rows: readonly TokenRow[];
  /** milliseconds */
  readonly now: number;
}

/** jti → what the application's page would say to the link that we issued. */
export async function nativeVerdicts(
  native: Native,
  { seenBy, keyring, users, rows, now }: Asked,
): Promise<Map<string, Verdict['state']>> {
  const { opened } = native;
  const { db } = sqlOf(seenBy);
  const byId = new Map(users.map((user) => [user.id, user]));
  const verdicts = new Map<string, Verdict['state']>();
  const ofIssuer = rows.filter(({ issuer }) => issuer === native.issuer.name);
  for (const person of await toPersons(native, seenBy, users)) {
    for (const row of ofIssuer.filter(({ userId }) => userId === person.id)) {
      const made = makeNative(native, keyring, person, row);
      const [user, key] = [byId.get(person.id), keyring.all.get(row.kid)];
      if (!made || !user || !key) continue;
      const hasChanged = opened.hasChanged?.(person, row);
      const isOver = hasChanged === true || (hasChanged === false && !matchesFingerprint(key, user, row.fp));
      verdicts.set(row.jti, isOver ? 'invalid' : (await opened.check(db, person, made.parts, now)).state);
    }
  }
  return verdicts;
}
