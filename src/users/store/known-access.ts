import type { User } from '../../types.ts';
import type { AccessKind } from './access-kinds.ts';

/** One kind of thing that lets a person in or keeps a person out, as the store that gave it knows it. */
export interface KnownAccess {
  readonly kind: AccessKind;
  /** what the application calls it, where it has several of a kind */
  readonly name?: string | undefined;
  /** false: the application keeps them in one place where they can't be counted, so there is one or none */
  readonly isCounted: boolean;
  /** a reset ends it, by itself or because the application drops it with the old hash */
  readonly endsWithReset: boolean;
  readonly canEnd: boolean;
  /** its end draws something new that every user always has, so that counting again proves nothing */
  readonly isRenewed: boolean;
  /** the application can be made to ask for a new password by it */
  readonly canDemand: boolean;
  /** what its end leaves over, or what can end it instead, in words for the operator */
  readonly beyond?: string | undefined;
}

/** How many of them a user has, and since when the oldest is there (milliseconds since 1970), where that is known. */
export interface AccessCount {
  readonly count: number;
  readonly since: number | null;
}

/** What there is of it. An `access` is one that this store gave. */
export interface AccessReader {
  /** All that this store has, also what no user has any of. It looks around: ask once. */
  knownAccess(): Promise<readonly KnownAccess[]>;
  /** Of all that lets a person in, what a reset leaves in place. Asks nothing where a store knows of none. */
  survivingAccess(): Promise<readonly KnownAccess[]>;
  /** Does any user have some of it? */
  isHeld(access: KnownAccess): Promise<boolean>;
  countAccess(access: KnownAccess, user: User): Promise<AccessCount>;
  /** What a user has of it, each as a text by which it is recognised again. */
  traceAccess(access: KnownAccess, user: User): Promise<string[]>;
  /** Which of these users have some of it: their ids. */
  findHolders(access: KnownAccess, users: readonly User[]): Promise<Set<string>>;
  /** When the password was last changed (milliseconds since 1970), where the application keeps this. */
  passwordChangedAt(user: User): Promise<number | null>;
}

/** Changes of it, for many in few statements; `now` in milliseconds since 1970. */
export interface AccessWriter {
  endAccess(access: KnownAccess, users: readonly User[], now: number): Promise<void>;
  /** Asks these users for a new password at the next login, as the application itself would. */
  demandChange(access: KnownAccess, users: readonly User[], now: number): Promise<void>;
}

/** What fields of a user must be, as the operator wrote it: field → condition. */
export type UserConditions = Readonly<Record<string, unknown>>;
