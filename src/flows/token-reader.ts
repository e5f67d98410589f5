import type { App } from '../app.ts';
import type { Claims } from '../tokens/claims.ts';
import { findTokensById } from '../tokens/token-store.ts';
import { verifyToken } from '../tokens/verify.ts';
import { getUsers } from '../users/find-user.ts';
import { assertCurrent, assertLive, type GoodToken } from './verify-reset-token.ts';

/** `verifyResetToken` for many visitors at a time. */
export interface TokenReader {
  /** Reads only; throws what `verifyResetToken` throws. */
  verify(token: string): Promise<GoodToken>;
}

interface Reading {
  readonly claims: Claims;
  readonly resolve: (good: GoodToken) => void;
  readonly reject: (error: unknown) => void;
}

/** As many ids as every database takes in one query. */
const MAX_BATCH = 100;

/**
 * Who asks while a read is under way shares the next one, which begins after all of them have come: nobody gets an
 * answer older than the question, and a hundred visitors at a time cost two queries instead of two hundred. SQLite
 * has one connection, and through Knex a query takes several times as long as the page it is for.
 */
export function createTokenReader(app: App): TokenReader {
  const waiting: Reading[] = [];
  let isReading = false;

  async function readOn(): Promise<void> {
    isReading = true;
    while (waiting.length > 0) await readBatch(app, waiting.splice(0, MAX_BATCH));
    isReading = false;
  }

  return {
    async verify(token) {
      const claims = verifyToken(await app.keyring(), token.trim(), { now: app.clock.now() });
      return new Promise((resolve, reject) => {
        waiting.push({ claims, resolve, reject });
        if (!isReading) void readOn();
      });
    },
  };
}

async function readBatch(app: App, batch: readonly Reading[]): Promise<void> {
  try {
    const keyring = await app.keyring();
    // The user first, as verifyResetToken does: whoever sees the new password also sees the spent token.
    const users = await getUsers(app.db, await app.mapping(), unique(batch.map(({ claims }) => claims.sub)));
    const rows = await findTokensById(app.db, unique(batch.map(({ claims }) => claims.jti)));
    for (const { claims, resolve, reject } of batch) {
      try {
        const row = assertLive(rows.get(claims.jti), claims);
        resolve(assertCurrent(keyring, claims, row, users.get(row.userId)));
      } catch (error) {
        reject(error);
      }
    }
  } catch (error) {
    for (const { reject } of batch) reject(error);
  }
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)];
