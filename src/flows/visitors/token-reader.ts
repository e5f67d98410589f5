import { setImmediate as endOfTurn } from 'node:timers/promises';
import type { App } from '../../app.ts';
import type { Claims } from '../../tokens/claims.ts';
import type { Keyring } from '../../tokens/keyring.ts';
import { findTokensById } from '../../tokens/token-store.ts';
import { assertInTime, authenticateToken } from '../../tokens/verify.ts';
import { afterSettling } from '../both/settle-intents.ts';
import { describePolicy, type PolicyFacts } from '../passwords/describe-policy.ts';
import { assertCurrent, assertLive, type LiveToken } from '../links/verify-reset-token.ts';

/** A token that could be used this moment, and what its person should know before typing. */
export interface GoodLink extends LiveToken {
  readonly policy: PolicyFacts;
}

/** `verifyResetToken` for many visitors at a time. */
export interface TokenReader {
  /** Reads only; throws what `verifyResetToken` throws. */
  verify(token: string): Promise<GoodLink>;
}

interface Reading {
  readonly claims: Claims;
  readonly resolve: (good: Promise<GoodLink>) => void;
  readonly reject: (error: unknown) => void;
}

/** As many ids as every database takes in one query. */
const MAX_BATCH = 100;
/** A link is opened by scanners, by a mail program and by its owner. Its signature is checked once. */
const MAX_CACHED = 500;

/**
 * Visitors who arrive while a read is running share the next one. It starts after they have all asked, so nobody gets an
 * answer older than the question, and a hundred visitors at a time cost two queries instead of two hundred. SQLite has
 * one connection, and through Knex a query takes several times as long as the page it is for.
 */
export function createTokenReader(app: App): TokenReader {
  const authenticate = cacheClaims();
  const waiting: Reading[] = [];
  let isReading = false;

  async function readOn(): Promise<void> {
    isReading = true;
    while (waiting.length > 0) {
      await endOfTurn(); // whoever comes in with the same turn is read as well
      await readBatch(app, waiting.splice(0, MAX_BATCH));
    }
    isReading = false;
  }

  return {
    async verify(token) {
      const claims = authenticate(await app.keyring(), token.trim());
      assertInTime(claims, { now: app.clock.now() });
      return new Promise((resolve, reject) => {
        waiting.push({ claims, resolve, reject });
        if (!isReading) void readOn();
      });
    },
  };
}

/** The claims of a token never change under one key, so they are cached. Whether it is still good, the database says. */
function cacheClaims() {
  const known = new Map<string, Claims>();
  return (keyring: Keyring, token: string): Claims => {
    const found = known.get(token);
    if (found !== undefined) return found;
    const claims = authenticateToken(keyring, token);
    if (known.size >= MAX_CACHED) known.clear();
    known.set(token, claims);
    return claims;
  };
}

async function readBatch(app: App, batch: readonly Reading[]): Promise<void> {
  try {
    const check = await readLinks(
      app,
      batch.map(({ claims }) => claims),
    );
    const settled = (claims: Claims): Promise<GoodLink> =>
      afterSettling(app, claims.sub, async (isAgain) =>
        isAgain ? (await readLinks(app, [claims]))(claims) : check(claims),
      );
    const checked = new Map<Claims, Promise<GoodLink>>();
    for (const { claims, resolve } of batch) {
      const link = checked.get(claims) ?? settled(claims);
      checked.set(claims, link);
      resolve(link);
    }
  } catch (error) {
    for (const { reject } of batch) reject(error);
  }
}

async function readLinks(app: App, all: readonly Claims[]): Promise<(claims: Claims) => Promise<GoodLink>> {
  const keyring = await app.keyring();
  // The user first, as verifyResetToken does: whoever sees the new password also sees the spent token.
  const store = await app.users();
  const users = await store.get(unique(all.map(({ sub }) => sub)));
  const rows = await findTokensById(app.ledger, unique(all.map(({ jti }) => jti)));
  return async (claims) => {
    const row = assertLive(rows.get(claims.jti), claims, app.clock.now());
    const good = assertCurrent(keyring, claims, row, users.get(row.userId));
    return { ...good, policy: await describePolicy(app, good.user) };
  };
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)];
