/**
 * What a report says about a mail. `hard`: the address takes no mail; `returned`: this mail was given up, and the
 * address may be good (mailbox full, refused as spam); `temporary`: it may still arrive.
 */
export type Verdict = 'hard' | 'returned' | 'temporary';

/** Who wrote the report: a mail server (RFC 3464), or a provider. */
export type BounceSource = 'dsn' | 'ses' | 'sendgrid' | 'postmark' | 'mailgun';

/** A report that a mail was not delivered, as somebody sent it: nothing in it is proven. */
export interface Bounce {
  readonly source: BounceSource;
  readonly verdict: Verdict;
  /** marks of our envelope senders that stand in it: see findTags */
  readonly tags: readonly string[];
  /** Message-IDs of ours that stand in it, with angle brackets */
  readonly messageIds: readonly string[];
  /** the addresses that it says did not take the mail */
  readonly recipients: readonly string[];
  /** RFC 3463, such as 5.1.1 */
  readonly status: string | null;
  /** the server's words */
  readonly words: string;
}

/** A message or event that reports no undelivered mail. */
export interface NoBounce {
  /** `auto_reply`: somebody's out-of-office note; `other`: any other mail or event; `unreadable`: neither */
  readonly none: 'auto_reply' | 'other' | 'unreadable';
}

export type Reported = Bounce | NoBounce;

export const isBounce = (reported: Reported): reported is Bounce => 'verdict' in reported;

/** Message-IDs as the outbox makes them: 32 digits of the request, and the row. */
export const findMessageIds = (text: string): string[] => [
  ...new Set([...text.matchAll(/<?\b([0-9a-f]{32}\.\d{1,15}@[\w.-]+)>?/g)].map(([, id = '']) => `<${id}>`)),
];

/**
 * A final refusal is about the address when the class is 5 and the subject says so (RFC 3463): 5.1 address (but 5.1.7
 * and 5.1.8 are the sender's), 5.2.1 mailbox disabled, 5.4.4 no such domain, 5.0.0 nothing said. Full mailboxes, sizes,
 * contents and policies say nothing about it. Exchange Online says 5.4.1 for somebody it does not know.
 */
export function verdictOf(status: string | null, words: string): Verdict {
  if (status === null) return 'returned';
  if (status === '5.4.1' && /recipient address rejected/i.test(words)) return 'hard';
  const isAddress = /^5\.(?:1\.\d+|2\.1|4\.4|0\.0)$/.test(status) && !/^5\.1\.[78]$/.test(status);
  return isAddress ? 'hard' : 'returned';
}
