/** Why somebody gets no mail, in words for people; scripts read the reason itself. */
const WORDS: Readonly<Record<string, string>> = {
  user_not_found: 'the line names no user',
  line_mismatch: "the line's id and address belong to different people",
  ambiguous: 'several users have this address; to send to one, use --id',
  duplicate: 'named before',
  user_inactive: 'not active in the application',
  user_refused: 'no password in the application (single sign-on)',
  no_address: 'no usable e-mail address',
  changed_since: 'has a new password since then',
  changed_since_lock: 'has a new password since an earlier lock; to lock them again, add --new',
  excluded: 'in the file of --exclude',
  excepted: 'by --except',
  protected: 'in support.protect; to include them, add --force-protected',
  not_mailed: '--mail none',
  changed: 'has a new password',
  not_delivered: 'the last mail was not delivered; correct the address, then: batch retry',
  waiting: 'a mail is still queued',
  reminded: 'has had every reminder (--max)',
  mailed_lately: 'the last mail is not old enough (--after)',
  suppressed: 'an earlier mail to this address came back; to send anyway: bounces lift ADDRESS',
  bad_address: 'came back: the address accepts no mail',
  not_accepted: 'came back: not accepted',
  user_gone: 'no longer in the users table',
  cancelled: 'the batch was cancelled before its turn',
};

export const explainReason = (reason: string): string =>
  reason in WORDS ? `${reason}: ${describeReason(reason)}` : reason;

/** The same for readers who have no use for the reason itself. */
export const describeReason = (reason: string): string => WORDS[reason] ?? reason;
