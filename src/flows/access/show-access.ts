import type { App } from '../../app.ts';
import { identifyFormat } from '../../passwords/find-format.ts';
import { ACCESS_KINDS } from '../../users/store/access-kinds.ts';
import type { Identifier } from '../../users/store/identifier.ts';
import { settleIntents } from '../both/settle-intents.ts';
import { findAnyUser } from '../users/find-resettable-user.ts';
import { survey, type AccessItem } from './survey.ts';

/** What opens an account, and what keeps its owner out. */
export interface AccessView {
  readonly userId: string;
  readonly email: string;
  readonly isActive: boolean;
  readonly password: {
    /** name of the hash format; null: there is none, or an unknown one */
    readonly format: string | null;
    readonly isThere: boolean;
    readonly changedAt: string | null;
  };
  readonly access: readonly AccessItem[];
  /** the application drops every session of an old hash by itself, and no table counts them */
  readonly sessionsEndWithHash: boolean;
  /** what SQL can't reach */
  readonly beyond: readonly string[];
}

/** One person's password, second factors, sessions, tokens and locks. Throws user_not_found, user_ambiguous. */
export async function showAccess(app: App, identifier: Identifier): Promise<AccessView> {
  const user = await findAnyUser(app, identifier);
  await settleIntents(app, { userId: user.id });
  const store = await app.users();
  const encoded = user.encoded ?? '';
  const changedAt = await store.passwordChangedAt(user);
  const surveyed = await survey(store, user);
  const items = surveyed.map(({ item }) => item);
  return {
    userId: user.id,
    email: user.email,
    isActive: user.isActive,
    password: {
      format: identifyFormat(encoded, store.passwords.hashFormat ?? undefined)?.name ?? null,
      isThere: encoded !== '',
      changedAt: changedAt === null ? null : new Date(changedAt).toISOString(),
    },
    access: items.sort((one, other) => rank(one) - rank(other)),
    sessionsEndWithHash: store.description.sessionsEndWithHash,
    beyond: store.description.advice,
  };
}

const rank = ({ kind }: AccessItem): number => ACCESS_KINDS.indexOf(kind);
