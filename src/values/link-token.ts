/** One value in a signed payload that is the same in every link, such as `"type": "reset"`. */
export type Constant = string | number | boolean | null;

/** `link.token`: which form the application's own token has, where that differs from what its preset says. */
export interface LinkToken {
  /** an issuer of `native/issuers` */
  readonly form: string;
  /** where the user stands in the signed payload: the name of a claim, `[]` for the first of a list, empty for the payload itself */
  readonly claim?: string;
  /** what names the user: `id`, `email`, `username`, or a column of the users table */
  readonly of?: string;
  /** the id is text in the payload, although it is a number */
  readonly text?: boolean;
  readonly salt?: string;
  readonly algorithm?: string;
  /** which times the payload holds besides; of a JWT: `exp` unless it is said */
  readonly times?: readonly ('exp' | 'iat' | 'nbf')[];
  /** further claims, the same in every link */
  readonly also?: Readonly<Record<string, Constant>>;
}

/** The keys of `link.token` besides `form`. */
export type TokenParameter = Exclude<keyof LinkToken, 'form'>;
