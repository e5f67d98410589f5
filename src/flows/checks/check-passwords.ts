import type { App } from '../../app.ts';
import { Signal } from '../../errors.ts';
import type { User } from '../../types.ts';
import type { Restored } from '../../users/store/users-store.ts';
import { describeUnknown, isUnknownHash } from '../../passwords/known-hash.ts';
import { createUnknownPassword } from '../../passwords/unknown-password.ts';
import { acceptsPassword } from '../passwords/accepts-password.ts';
import { readApplicationFormats, type ApplicationFormats } from '../passwords/application-formats.ts';
import { formatFor, hashNewPassword } from '../passwords/hash-new-password.ts';
import type { Finding } from './finding.ts';
import { failure, failureOf, ok, warning } from './finding.ts';
import { programName } from '../../values/program-name.ts';

/** Which formats the rows have, which would be written, and whether a written one comes back and is accepted. */
export async function checkPasswords(app: App): Promise<Finding[]> {
  try {
    const known = await readApplicationFormats(app);
    const unknown = await findUnknown(app, known);
    const { format, because } = await formatFor(app, { encoded: null });
    const found = [...known.ofRows].map(([name, count]) => `${name} (${count})`).join(', ');
    const said = `the newest rows hold ${found || 'no hash that reset knows'}; ${format.name} is written (${BECAUSE[because]})`;
    const doubts = known.accepts(format.name) ? [] : [doubt(format.name, because)];
    return [ok('hashes_known', said), ...unknown, ...doubts, ...(await tryRoundTrip(app))];
  } catch (error) {
    return [failureOf('passwords_unusable', error)];
  }
}

const BECAUSE = {
  setting: 'users.hash says so',
  row: 'the row has it',
  preset: 'the preset says so',
  table: 'most rows have it',
} as const;

/** Users with such a hash get no link and are not locked, unless `users.hash` is set. */
async function findUnknown(app: App, { unknown }: ApplicationFormats): Promise<Finding[]> {
  const [first] = unknown;
  if (first === undefined) return [];
  const { hash } = (await app.users()).passwords;
  const shown = describeUnknown(first);
  const said = `${unknown.length} of the newest rows hold a hash of a format that reset does not know (${shown})`;
  if (hash !== 'auto')
    return [
      warning('hashes_unknown', `${said}; ${hash} replaces it (users.hash says so)`, {
        remedy: `${programName} hashes`,
      }),
    ];
  return [
    failure(
      'hashes_unknown',
      `${said}: these users get no link, because the application might not read another format`,
      {
        remedy: `see: ${programName} hashes; then set users.hash to the format that the application reads`,
      },
    ),
  ];
}

const doubt = (format: string, because: keyof typeof BECAUSE): Finding =>
  warning('hash_doubtful', `${format} would be written, and no row has it: can the application read it?`, {
    remedy:
      because === 'setting'
        ? `set users.hash to auto, which keeps the format of the rows; then: ${programName} doctor --user EMAIL`
        : `correct users.preset (${programName} presets --detect), or set users.hash; then: ${programName} doctor --user EMAIL`,
  });

/** Thrown to roll the write back, once everything has been checked. */
class Undone extends Signal {
  readonly isKept: boolean;

  constructor(isKept: boolean) {
    super('This was a trial.');
    this.isKept = isKept;
  }
}

/** A new hash is written to a real row, with every step of a reset, read back, and the transaction rolled back. */
async function tryRoundTrip(app: App): Promise<Finding[]> {
  const { passwords, description } = await app.users();
  const user = await findSample(app);
  const password = createUnknownPassword();
  const { encoded, format } = await hashNewPassword(app, user ?? { encoded: null }, password);
  const isAccepted = await acceptsPassword(passwords, encoded, password, format);
  if (!isAccepted) return [failure('hash_broken', `a new ${format} hash does not accept its own password`)];
  if (!user)
    return [
      ok('trial_left_out', `a new ${format} hash accepts its password; there is no user to try a write on`),
    ];
  if (description.irrevocable !== undefined)
    return [ok('trial_left_out', withoutTrial(format, description.irrevocable))];
  return tryWrite(app, user, encoded, format);
}

const withoutTrial = (format: string, irrevocable: string): string =>
  `a new ${format} hash accepts its password; it was not written to a row, because ${irrevocable} cannot be rolled back`;

async function tryWrite(app: App, user: User, encoded: string, format: string): Promise<Finding[]> {
  const store = await app.users();
  const trial = store.transaction(async (users) => {
    const now = app.clock.now();
    const isWritten = await users.writePassword(user, encoded, now);
    await users.endWithReset(user, now);
    throw new Undone(isWritten && (await users.get([user.id])).get(user.id)?.encoded === encoded);
  });
  const isKept = await trial.catch((error: unknown) => {
    if (error instanceof Undone) return error.isKept;
    throw error;
  });
  const state = await store.restorePassword(user, encoded);
  if (state !== 'unchanged') return [leftBehind(user, state)];
  return isKept
    ? [
        ok(
          'trial_passed',
          `a new ${format} hash was written to user ${user.id}, read back, accepted, and rolled back`,
        ),
      ]
    : [
        failure(
          'trial_failed',
          `a new ${format} hash was written to user ${user.id}, but something else was read back; it was rolled back`,
          { remedy: 'look for triggers, rules and row-level security on the users table' },
        ),
      ];
}

/** The rollback did not do what it should; the old hash is put back where that is possible. */
const leftBehind = ({ id }: User, state: Restored): Finding =>
  failure(
    'trial_kept',
    state === 'restored'
      ? `the database did not roll back a trial write to user ${id}; the old hash was put back, but sessions may have ended`
      : `the hash of user ${id} changed during the check; if nobody changed the password just now, send a reset link`,
    { remedy: 'find out which trigger or storage engine keeps changes after a rollback' },
  );

/** Enough to find one who may be reset; not more, because the table may hold millions. */
const LOOKED_AT = 500;

async function findSample(app: App): Promise<User | undefined> {
  const store = await app.users();
  const { hash, hashFormat } = store.passwords;
  let count = 0;
  for await (const user of store.list()) {
    const isReplaceable = hash !== 'auto' || !isUnknownHash({ ...user, preset: hashFormat });
    if (user.isActive && user.refusal === null && user.encoded !== null && isReplaceable) return user;
    count += 1;
    if (count >= LOOKED_AT) return undefined;
  }
  return undefined;
}
