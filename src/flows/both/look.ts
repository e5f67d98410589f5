import type { App } from '../../app.ts';
import type { Db } from '../../db/connect.ts';
import type { Intent } from '../../intents/intent-store.ts';

/** Writes into our tables what belongs to a write that was found in the users' database. */
export type Finish = (ledger: Db) => Promise<void>;

/** Was it written? Looks at the users, and gives what is left to do in ours; undefined: nothing was written. */
export type Look = (app: App, intent: Intent) => Promise<Finish | undefined>;
