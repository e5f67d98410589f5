import type { Db } from '../../src/db/connect.ts';

export const LEDGER_ID = '5f0c1d2e3a4b';
export const DAY = 86_400_000;

/** A person of the batch; instants in milliseconds since the epoch. */
export interface LedgerPerson {
  readonly email?: string | null;
  readonly state: 'queued' | 'sent' | 'failed' | 'unknown' | 'skipped';
  readonly reason?: string;
  readonly reply?: string;
  readonly settledAt?: number;
  readonly lockedAt?: number;
  /** false: a line that names nobody */
  readonly isUser?: boolean;
  readonly token?: {
    readonly state: 'live' | 'used' | 'revoked';
    readonly expiresAt: number;
    readonly usedAt?: number;
  };
}

/** A batch as `send` and the people in it would have left it behind; `more`: columns of reset_batches. */
export async function insertLedger(
  db: Db,
  people: readonly LedgerPerson[],
  createdAt: number,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await db('reset_batches').insert({
    id: LEDGER_ID,
    digest: 'digest',
    state: 'incomplete',
    selection: 'all users',
    actor_kind: 'operator',
    actor_name: 'dana',
    expires_in_s: 86_400,
    is_locking: false,
    created_at: createdAt,
    started_at: createdAt,
    ended_at: createdAt + 60_000,
    ...more,
  });
  const rows = people.map((person, index) => ({
    request_id: `request-${index + 1}`,
    batch_id: LEDGER_ID,
    kind: 'reset',
    user_id: person.isUser === false ? '' : String(index + 1),
    recipient: person.email ?? null,
    domain: person.email?.split('@')[1] ?? null,
    state: person.state,
    reason: person.reason ?? null,
    reply: person.reply ?? null,
    due_at: createdAt,
    actor_kind: 'operator',
    actor_name: 'dana',
    expires_in_s: 86_400,
    created_at: createdAt,
    settled_at: person.settledAt ?? null,
    locked_at: person.lockedAt ?? null,
    ...linkColumns(person.token),
  }));
  const tokens = people.flatMap(({ token }, index) =>
    token === undefined
      ? []
      : [
          {
            jti: `jti-${index + 1}`,
            request_id: `request-${index + 1}`,
            user_id: String(index + 1),
            kid: 'kid',
            iat: Math.floor(createdAt / 1000),
            exp: Math.floor(token.expiresAt / 1000),
            fp: 'fp',
            state: token.state,
            settled_at: token.usedAt ?? null,
          },
        ],
  );
  await db.batchInsert('reset_outbox', rows, 100);
  await db.batchInsert('reset_tokens', tokens, 100);
}

function linkColumns(
  token: LedgerPerson['token'],
): Record<'link_exp' | 'changed_at', number | null> & Record<'link_ended', string | null> {
  if (token === undefined) return { link_exp: null, link_ended: null, changed_at: null };
  return {
    link_exp: Math.floor(token.expiresAt / 1000),
    link_ended: token.state === 'revoked' ? 'revoked' : null,
    changed_at: token.state === 'used' ? (token.usedAt ?? null) : null,
  };
}
