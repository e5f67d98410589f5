/** A hash that the original software made; the contract test verifies every one of them. */
export interface Example {
  readonly password: string;
  readonly encoded: string;
  readonly pepper?: string;
  /** which software and version made it */
  readonly madeBy: string;
}

/** What an operator may see of an encoded hash: never the salt, never the digest. */
export interface HashSummary {
  readonly format: string;
  /** e.g. `{ cost: 12 }` or `{ memoryKiB: 65536, passes: 3, lanes: 4 }` */
  readonly parameters: Readonly<Record<string, string | number>>;
}

export interface HashOptions {
  /** the encoded hash in the user's row now: prefix and parameters are kept, and never made weaker */
  readonly like?: string | undefined;
  /** parameters that a preset or the operator asks for, by the names of `summary` */
  readonly parameters?: Readonly<Record<string, string | number>> | undefined;
  /** a secret that the application mixes in (Devise), revealed by the caller */
  readonly pepper?: string | undefined;
}

/** Where an application keeps one hash in several columns (`columns.ts`): column values ↔ the one encoded string. */
export interface HashColumns {
  /** what each column holds, e.g. `['salt', 'hash']`; a preset maps every role to a column */
  readonly roles: readonly string[];
  /** null where the user has no password: any column empty */
  join(values: Readonly<Record<string, string | null>>): string | null;
  /** role → value to write */
  split(encoded: string): Record<string, string>;
}

/**
 * One way of writing a password hash. The password arrives transformed as the application's login does it;
 * a format that needs a prehash of its own (Symfony, WordPress) does it here.
 */
export interface HashFormat {
  readonly name: string;
  /** true only for strings that this format writes or reads; no two formats claim the same string */
  identifies(encoded: string): boolean;
  /**
   * For a format named by its preset because its strings look like another's (Symfony writes plain bcrypt):
   * can it read this one? Asked only of the format that was named.
   */
  reads?(encoded: string): boolean;
  /** false for a wrong password; throws only when `encoded` is not of this format */
  verify(password: string, encoded: string, options?: { pepper?: string | undefined }): Promise<boolean>;
  /** absent where the format is legacy and must not be written */
  hash?(password: string, options?: HashOptions): Promise<string>;
  /** weaker than this release would write? */
  needsRehash(encoded: string): boolean;
  summary(encoded: string): HashSummary;
  /** longest password in UTF-8 bytes, where the format has a limit (bcrypt: 72) */
  readonly maxBytes?: number;
  /** true where the application may append a pepper; elsewhere a configured pepper is an error, never ignored */
  readonly takesPepper?: true;
  /** present where the application keeps the hash in several columns; `encoded` is then what `join` gives */
  readonly columns?: HashColumns;
  readonly examples: readonly Example[];
}
