import type { User } from '../../types.ts';

/** A user as a search finds them. */
export interface FoundUser extends User {
  /** first and last name, where the store has both */
  readonly fullName: string | null;
}

export interface Search {
  /** those that fit best first */
  readonly users: readonly FoundUser[];
  /** more users match than were asked for */
  readonly hasMore: boolean;
  /** false: the time was up before everybody was looked at */
  readonly isComplete: boolean;
}

export interface SearchOptions {
  readonly limit: number;
  /** for the part that no index answers, in milliseconds */
  readonly budgetMs: number;
}
