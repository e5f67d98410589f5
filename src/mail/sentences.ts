import type { MailSentences } from '../render/template-data.ts';
import type { Occasion, Reminder } from '../types.ts';

type Sentences = Omit<MailSentences, 'footer'>;

/** Of a reset mail; `locked`: a batch after which the old password no longer works. */
const OF_RESET: Readonly<Record<Occasion | 'locked', Sentences>> = {
  page: {
    subject: 'mail_reset_subject',
    preheader: 'mail_reset_preheader',
    why: 'mail_reset_asked_person',
    ifNot: 'mail_reset_ignore_person',
  },
  support: {
    subject: 'mail_reset_subject_support',
    preheader: 'mail_reset_preheader_support',
    why: 'mail_reset_asked_support',
    ifNot: 'mail_reset_ignore_support',
  },
  batch: {
    subject: 'mail_reset_subject_batch',
    preheader: 'mail_reset_preheader_batch',
    why: 'mail_reset_asked_operator',
    ifNot: 'mail_reset_ignore_operator',
  },
  locked: {
    subject: 'mail_reset_subject_locked',
    preheader: 'mail_reset_preheader_locked',
    why: 'mail_reset_asked_locked',
    ifNot: 'mail_reset_ignore_operator',
  },
};

/** What a further mail of a batch says instead. */
const OF_REMINDER: Readonly<Record<Reminder, { subject: string; why: string; whyLocked: string }>> = {
  again: {
    subject: 'mail_reset_subject_reminder',
    why: 'mail_reset_asked_reminder',
    whyLocked: 'mail_reset_asked_reminder_locked',
  },
  last: {
    subject: 'mail_reset_subject_last',
    why: 'mail_reset_asked_last',
    whyLocked: 'mail_reset_asked_last_locked',
  },
};

/** Of a mail about access: what ended, and `demanded` for a new password that must be chosen. */
const OF_CHANGE: Readonly<Record<string, string>> = {
  totp: 'mail_access_totp',
  sms: 'mail_access_sms',
  'recovery-codes': 'mail_access_recovery_codes',
  passkey: 'mail_access_passkey',
  session: 'mail_access_session',
  'remember-me': 'mail_access_session',
  'api-token': 'mail_access_api_token',
  'oauth-grant': 'mail_access_oauth_grant',
  lockout: 'mail_access_lockout',
  'must-change': 'mail_access_must_change',
  demanded: 'mail_access_demanded',
};

/** Keys of the catalogue: one sentence for each kind of thing that changed. */
export const sentencesOfChanges = (changes: readonly string[]): string[] => [
  ...new Set(changes.flatMap((change) => OF_CHANGE[change] ?? [])),
];

export const SENTENCES_OF_ACCESS: Sentences = {
  subject: 'mail_access_subject',
  preheader: 'mail_notice_preheader_operator',
  why: 'mail_access_changed',
  ifNot: 'mail_notice_unexpected',
};

interface ResetFacts {
  readonly isLocked: boolean;
  readonly worksOnce: boolean;
  readonly reminder?: Reminder | undefined;
}

/** Of a notice, when the person has used a link or code. */
const WHY_CHANGED: Readonly<Record<Occasion, string>> = {
  page: 'mail_notice_changed_person',
  support: 'mail_notice_changed_support',
  batch: 'mail_notice_changed_batch',
};

/** Keys of the catalogue: what a reset mail says, by the way that its link came about. */
export const sentencesOfReset = (
  occasion: Occasion,
  { isLocked, worksOnce, reminder }: ResetFacts,
): Sentences => {
  const first = OF_RESET[occasion === 'batch' && isLocked ? 'locked' : occasion];
  const sentences = reminder === undefined ? first : { ...first, ...ofReminder(reminder, isLocked) };
  // Says "works once" only about a link that does.
  return worksOnce ? sentences : { ...sentences, preheader: 'mail_reset_validity' };
};

function ofReminder(reminder: Reminder, isLocked: boolean): Pick<Sentences, 'subject' | 'why'> {
  const { subject, why, whyLocked } = OF_REMINDER[reminder];
  return { subject, why: isLocked ? whyLocked : why };
}

/** Keys of the catalogue: what a notice says, by who changed the password and how the link for it came about. */
export const sentencesOfNotice = (by: 'person' | 'operator', occasion: Occasion): Sentences => ({
  subject: 'mail_notice_subject',
  preheader: by === 'person' ? 'mail_notice_preheader' : 'mail_notice_preheader_operator',
  why: by === 'person' ? WHY_CHANGED[occasion] : 'mail_notice_changed_operator',
  ifNot: 'mail_notice_unexpected',
});
