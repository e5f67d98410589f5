/** No password is read, normalised or hashed beyond this: NFKC of 256 kB blocks for 3.3 s (measured), of 4 kB 2 ms. */
export const MAX_RAW_BYTES = 4096;

/** What a refusal is called, in `details.violations`, and as the key of its sentence in the locale files. */
export type ViolationCode = 'too_short' | 'too_long' | 'not_text' | 'too_common' | 'too_similar';

/** One reason for a refusal. Never holds the password or a part of it. */
export interface Violation {
  readonly code: ViolationCode;
  /**
   * too_short: min, actual · too_long: maxBytes, bytes, or where the application's forms decide max, actual ·
   * too_similar: source (email, name, app, host)
   */
  readonly params: Readonly<Record<string, string | number>>;
  /** plain English, for the operator */
  readonly message: string;
}

/** Said by the list of common passwords, and of the user's current one, which must look no different (R36). */
export const tooCommon = {
  code: 'too_common',
  params: {},
  message: 'The password is one of the first that attackers try.',
} as const satisfies Violation;

/** Words that a password must not be, because they are what an attacker tries first (R34). */
export interface PasswordContext {
  readonly appName?: string | undefined;
  readonly host?: string | undefined;
  readonly email?: string | undefined;
  readonly name?: string | null | undefined;
}

export interface PolicySettings {
  /** in code points; 15 unless set, 8 at the lowest (R29) */
  readonly minLength?: number | undefined;
  /** in characters, as forms count them (UTF-16): what the application's own login takes */
  readonly maxLength?: number | undefined;
  /** in UTF-8 bytes: what the hash format takes */
  readonly maxBytes?: number | undefined;
  /** what the application's login does to a typed password */
  readonly normalize?: 'none' | 'nfc' | 'nfkc' | undefined;
  /** the operator's own words, from `loadBlocklist` */
  readonly blocklist?: ReadonlySet<string> | undefined;
}

/** One rule of the policy: everything it has against a password, or nothing. */
export interface PolicyRule {
  readonly name: string;
  check(
    password: string,
    context: PasswordContext,
    settings: PolicySettings,
  ): readonly Violation[] | Promise<readonly Violation[]>;
}
