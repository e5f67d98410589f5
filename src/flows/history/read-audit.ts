import type { App } from '../../app.ts';
import { readAudit, type AuditRow } from '../../audit/read-audit.ts';
import type { Identifier } from '../../users/store/identifier.ts';
import { findAnyUser } from '../users/find-resettable-user.ts';

/** A row of the audit as people and scripts get it. */
export interface AuditLine extends Omit<AuditRow, 'id' | 'at' | 'actorName'> {
  /** ISO 8601 */
  readonly at: string;
  readonly actor: string;
}

export interface AuditFilter {
  /** milliseconds since the epoch */
  readonly since?: number | undefined;
  readonly user?: Identifier | undefined;
}

/** The audit, oldest first, as a stream. An id finds the rows of a user who is gone, too. Throws user_*. */
export async function* readAuditLines(app: App, { since, user }: AuditFilter): AsyncGenerator<AuditLine> {
  const userId = user === undefined ? undefined : await userIdOf(app, user);
  for await (const row of readAudit(app.ledger, { since, userId })) {
    const { event, result, requestId, batchId, actorKind, actorName, ticket, details } = row;
    const at = new Date(row.at).toISOString();
    yield {
      at,
      event,
      result,
      userId: row.userId,
      requestId,
      batchId,
      actorKind,
      actor: actorName,
      ticket,
      details,
    };
  }
}

/** Of an id itself, so that a user who is gone has a history, too. Throws user_*. */
export const userIdOf = async (app: App, user: Identifier): Promise<string> =>
  'id' in user ? user.id : (await findAnyUser(app, user)).id;
