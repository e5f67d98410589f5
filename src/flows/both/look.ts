import type { App } from '../../app.ts';
import type { Db } from '../../db/connect.ts';
import { Signal } from '../../errors.ts';
import type { Intent } from '../../intents/intent-store.ts';
import type { UsersReader } from '../../users/store/users-store.ts';

/** Writes into our tables what belongs to a write that was found in the users' database. */
export type Finish = (ledger: Db) => Promise<void>;

/**
 * Was it written? Looks at the users, and gives what is left to do in ours; undefined: nothing was written. `held` is a
 * transaction that holds the user already; without it, the look waits for whoever does.
 */
export type Look = (app: App, intent: Intent, held?: UsersReader) => Promise<Finish | undefined>;

/** Somebody settled the intent before the write began, or what it says no longer holds: it is declared again. */
export class Taken extends Signal {}
