/** A hash that the original software made; the contract test verifies every one of them. */
export interface Example {
  readonly password: string;
  readonly encoded: string;
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

/**
 * One way of writing a password hash. The password arrives transformed as the application's login does it;
 * a format that needs a prehash of its own (Symfony, WordPress) does it here.
 */
export interface HashFormat {
  readonly name: string;
  /** true only for strings that this format writes or reads; no two formats claim the same string */
  identifies(encoded: string): boolean;
  /** false for a wrong password; throws only when `encoded` is not of this format */
  verify(password: string, encoded: string, options?: { pepper?: string | undefined }): Promise<boolean>;
  /** absent where the format is legacy and must not be written */
  hash?(password: string, options?: HashOptions): Promise<string>;
  /** weaker than this release would write? */
  needsRehash(encoded: string): boolean;
  summary(encoded: string): HashSummary;
  /** longest password in UTF-8 bytes, where the format has a limit (bcrypt: 72) */
  readonly maxBytes?: number;
  readonly examples: readonly Example[];
}
