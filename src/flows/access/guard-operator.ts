import type { App } from '../../app.ts';
import { record } from '../../audit/record.ts';
import { isResetError, ResetError } from '../../errors.ts';
import type { Actor, User } from '../../types.ts';
import type { UserConditions } from '../../users/store/known-access.ts';
import { nameUser } from '../../values/name-user.ts';
import { plural } from '../../values/plural.ts';

export interface Attempt {
  readonly actor: Actor;
  readonly user: User;
  /** kinds, for the audit */
  readonly kinds: readonly string[];
  /** `--force-protected` */
  readonly isForced: boolean;
}

/** An attempt on one user, or on many at once. */
type AnyAttempt = Pick<Attempt, 'actor' | 'kinds'> & Partial<Pick<Attempt, 'user'>>;

/** Does the work of an attempt; a refusal goes into the audit before it is thrown. */
export async function auditingRefusals<T>(app: App, attempt: AnyAttempt, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isResetError(error)) await recordRefusal(app, attempt, error);
    throw error;
  }
}

const recordRefusal = (app: App, { actor, user, kinds }: AnyAttempt, error: ResetError): Promise<void> =>
  record(app.ledger, app.clock.now(), {
    event: 'access_refused',
    result: typeof error.details['limit'] === 'string' ? error.details['limit'] : error.code,
    actor,
    ...(user && { userId: user.id }),
    details: { kinds },
  });

/** Ticket and protected users; changes nothing. Throws usage_invalid with `details.limit`. */
export async function assertAllowed(app: App, { actor, user, isForced }: Attempt): Promise<void> {
  assertTicket(app, actor);
  const held = await (await app.users()).whichHold(user, await protectedBy(app));
  if (held.length === 0 || isForced) return;
  const who = nameUser({ userId: user.id, email: user.email });
  throw limited(
    'protected',
    `${who} is protected (${held.join(', ')} in support.protect). If you may do this, add --force-protected.`,
  );
}

/** Throws usage_invalid with `details.limit`. */
export function assertTicket(app: App, actor: Actor): void {
  const { requireTicket } = app.config.support;
  if (!requireTicket || (actor.ticket ?? '').trim() !== '') return;
  throw limited('ticket', 'A ticket is required here (support.requireTicket). Add --ticket TEXT.');
}

/** Who of these is protected: their ids. Throws config_invalid. */
export async function findProtected(app: App, users: readonly User[]): Promise<Set<string>> {
  return (await app.users()).whoHolds(users, await protectedBy(app));
}

/** Counts one user against `support.perHour`, in the database. Throws throttled. */
export async function countAttempt(app: App, { actor }: Pick<Attempt, 'actor'>): Promise<void> {
  const { perHour } = app.config.support;
  if (perHour === undefined) return;
  const throttle = await app.throttle();
  const { isAllowed, resetMs } = await throttle.count(`support:${actor.name}`, {
    points: perHour,
    seconds: 3600,
  });
  if (isAllowed) return;
  const retryAfterSeconds = Math.ceil(resetMs / 1000);
  throw new ResetError(
    'throttled',
    `${actor.name} has changed ${perHour} users within an hour, which is the limit here (support.perHour). Wait ${Math.ceil(retryAfterSeconds / 60)} min, or ask a colleague.`,
    { details: { retryAfterSeconds, limit: 'per_hour' } },
  );
}

/** Counts several users at once. Throws throttled, and counts nobody if they are more than an hour's limit. */
export async function countMany(app: App, actor: Actor, users: number): Promise<void> {
  const { perHour } = app.config.support;
  if (perHour === undefined) return;
  if (users > perHour)
    throw new ResetError(
      'throttled',
      `${plural(users, 'user')} would be changed, and ${actor.name} may change ${perHour} within an hour (support.perHour). Nothing was changed. Narrow the selection with --where, or let somebody who may edit the configuration do it.`,
      { details: { limit: 'per_hour', perHour, users } },
    );
  for (let counted = 0; counted < users; counted += 1) await countAttempt(app, { actor });
}

const limited = (limit: string, message: string): ResetError =>
  new ResetError('usage_invalid', message, { details: { limit } });

async function protectedBy(app: App): Promise<UserConditions> {
  const { protect } = app.config.support;
  const problems = await (await app.users()).checkConditions(protect);
  if (problems.length === 0) return protect;
  throw new ResetError('config_invalid', `support.protect cannot be checked: ${problems.join('; ')}`, {
    details: { problems: problems.map((message) => ({ key: 'support.protect', message })) },
  });
}
