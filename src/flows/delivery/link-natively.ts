import type { Keyring } from '../../tokens/keyring.ts';
import type { TokenRow } from '../../tokens/token-store.ts';
import type { Both } from '../both/users-side.ts';
import type { Claimed } from './claimed.ts';
import type { Native } from '../native/native-link.ts';
import { issueNative, repeatNative } from '../native/native-link.ts';
import { toPersons } from '../native/open-site.ts';

/** The links of claimed mails. What the application no longer takes is skipped as superseded. */
export async function linkNatively(
  native: Native,
  { keyring }: { readonly keyring: Keyring },
  both: Both,
  claimed: readonly Claimed[],
  known: ReadonlyMap<string, TokenRow>,
  now: number,
): Promise<Claimed[]> {
  const users = claimed.flatMap((each) => ('token' in each && each.token ? [each.user] : []));
  const persons = new Map((await toPersons(native, both.users, users)).map((each) => [each.id, each]));
  const linked: Claimed[] = [];
  for (const each of claimed) {
    const person = 'token' in each && each.token ? persons.get(each.user.id) : undefined;
    if (!('token' in each) || !each.token || !person) {
      linked.push(each);
      continue;
    }
    const isRepeat = known.get(each.message.requestId) === each.token;
    const issue = isRepeat ? repeatNative : issueNative;
    const issued = await issue(native, keyring, both, { person, token: each.token }, now);
    const { message, departsAt } = each;
    linked.push(issued ? { ...each, link: issued.link } : { message, departsAt, skip: 'superseded' });
  }
  return linked;
}
