import type { App } from '../../app.ts';
import { ResetError } from '../../errors.ts';
import type { Intent } from '../../intents/intent-store.ts';
import { fingerprint, matchesFingerprint } from '../../tokens/fingerprint.ts';
import type { Key } from '../../tokens/keyring.ts';
import type { User } from '../../types.ts';
import type { KnownAccess } from '../../users/store/known-access.ts';
import type { UsersReader } from '../../users/store/users-store.ts';
import { programName } from '../../values/program-name.ts';
import { keyOfProof } from '../both/key-of-proof.ts';
import { Taken, type Finish } from '../both/look.ts';
import { readSettledUsers } from '../both/users-side.ts';
import { noteChange, type ChangeFacts } from './note-change.ts';
import { noteLink, type LinkFacts } from './note-link.ts';

/** How the change is recognised: keyed digests of rows that end, all in one transaction, so one that is there says it. */
export interface ChangeProof {
  readonly kid: string;
  /** kind and name of an entry, and some of its rows */
  readonly rows: Readonly<Record<string, readonly string[]>>;
  /** kind and name of the entries that the change makes: nothing of them is there before */
  readonly made?: readonly string[];
}

/** More of one kind prove nothing more. */
const ROWS = 20;

/** What is there before the change and not after it, as an intent may hold it. */
export async function proveChange(
  app: App,
  user: User,
  ending: readonly KnownAccess[],
): Promise<ChangeProof> {
  const { current } = await app.keyring();
  const store = await app.users();
  const rows: Record<string, string[]> = {};
  for (const entry of ending) {
    const traces = (await store.traceAccess(entry, user)).slice(0, ROWS);
    rows[nameOf(entry)] = traces.map((trace) => fingerprint(current, inputOf(user, trace)));
  }
  return { kid: current.kid, rows };
}

const nameOf = ({ kind, name }: KnownAccess): string => (name === undefined ? kind : `${kind} ${name}`);

const inputOf = ({ id }: User, trace: string) => ({ id, encoded: trace, email: '' });

/** The same for a change that makes something. */
export async function proveDemand(app: App, making: readonly KnownAccess[]): Promise<ChangeProof> {
  return { kid: (await app.keyring()).current.kid, rows: {}, made: making.map(nameOf) };
}

/** Is any of these rows still there, or is one that the change makes not there yet? Throws config_invalid where it can no longer be seen. */
export async function isUnchanged(
  app: App,
  users: UsersReader,
  user: User,
  { kid, rows, made = [] }: ChangeProof,
): Promise<boolean> {
  const key = keyOfProof(await app.keyring(), { kid, what: `An end of access of user ${user.id}` });
  const entries = await users.knownAccess();
  const find = (name: string): KnownAccess => {
    const entry = entries.find((each) => nameOf(each) === name);
    if (!entry) throw unknown(user, name);
    return entry;
  };
  for (const name of made) if ((await users.countAccess(find(name), user)).count === 0) return true;
  for (const [name, digests] of Object.entries(rows)) {
    const entry = find(name);
    const traces = await users.traceAccess(entry, user);
    if (traces.some((trace) => isAmong(key, user, trace, digests))) return true;
  }
  return false;
}

/** In the transaction that holds the user's row. Throws `Taken` when another has made the change, or the application. */
export async function assertUnchanged(
  app: App,
  users: UsersReader,
  user: User,
  proof: ChangeProof,
): Promise<void> {
  if (!(await isUnchanged(app, users, user, proof)))
    throw new Taken('What was to end is not there any more.');
}

const isAmong = (key: Key, user: User, trace: string, digests: readonly string[]): boolean =>
  digests.some((digest) => matchesFingerprint(key, inputOf(user, trace), digest));

const unknown = ({ id }: User, name: string): ResetError =>
  new ResetError(
    'config_invalid',
    `An end of access of user ${id} was interrupted, and whether it was written can no longer be seen: "users" finds no ${name} in this database now. Put back the preset with which it was begun, then: ${programName} status --id ${id}`,
  );

/**
 * For a process that died: the rows say whether it wrote. If something else has
 * removed them since, the person still gets the mail about an end. If the user is gone, nothing is left to do.
 */
export async function lookForChange(
  app: App,
  { facts, createdAt }: Intent,
  held?: UsersReader,
): Promise<Finish | undefined> {
  const change = facts as ChangeFacts & ChangeProof & { readonly link?: LinkFacts };
  const user = (await readSettledUsers(app, [change.userId], held)).get(change.userId);
  if (!user || (await isUnchanged(app, held ?? (await app.users()), user, change))) return undefined;
  return async (ledger) => {
    await noteChange(ledger, change, createdAt);
    if (change.link) await noteLink(ledger, change, change.link, user.encoded, createdAt);
  };
}
