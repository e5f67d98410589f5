import type { Issuer, Person, Verdict } from '../../native/issuer.ts';
import type { SecretReading } from '../../native/secret-readings.ts';
import type { User } from '../../types.ts';
import type { LinkToken } from '../../values/link-token.ts';

/** A form that takes the link. */
export interface Learnt {
  readonly issuer: Issuer;
  readonly token: LinkToken;
  readonly path: string;
  readonly digest: 'sha1' | 'sha256';
  readonly secret: SecretReading | undefined;
  readonly user: User;
  readonly person: Person;
  readonly verdict: Exclude<Verdict, { readonly state: 'invalid' }>;
  /** the very same token was made for the user, or ours would be accepted like it */
  readonly proof: 'same' | 'accepted';
}

/** What was tried in vain, for the message. */
export interface Tried {
  readonly issuer: Issuer;
  readonly refused?: { readonly refused: string; readonly reason: 'wrong_secret' | 'unknown_form' };
  /** the user that the link names, where it says so without a secret */
  readonly user?: User;
  /** what the database says about the secret */
  readonly proof?: boolean | undefined;
}
