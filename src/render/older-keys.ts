/**
 * New sentence → the older one that it replaces. An operator's language file that has only the older one keeps
 * working. An older key of an older one stands above it.
 */
export const OLDER_KEYS: ReadonlyMap<string, string> = new Map([
  ['mail_footer_short', 'mail_footer'],
  ['mail_reset_subject_support', 'mail_reset_subject'],
  ['mail_reset_subject_batch', 'mail_reset_subject'],
  ['mail_reset_subject_locked', 'mail_reset_subject'],
  ['mail_reset_subject_reminder', 'mail_reset_subject_batch'],
  ['mail_reset_subject_last', 'mail_reset_subject_reminder'],
  ['mail_reset_preheader_support', 'mail_reset_preheader'],
  ['mail_reset_preheader_batch', 'mail_reset_preheader'],
  ['mail_reset_preheader_locked', 'mail_reset_preheader'],
  ['mail_reset_asked_support', 'mail_reset_asked_operator'],
  ['mail_reset_asked_locked', 'mail_reset_asked_operator'],
  ['mail_reset_asked_reminder', 'mail_reset_asked_operator'],
  ['mail_reset_asked_last', 'mail_reset_asked_reminder'],
  ['mail_reset_asked_reminder_locked', 'mail_reset_asked_locked'],
  ['mail_reset_asked_last_locked', 'mail_reset_asked_reminder_locked'],
  ['mail_reset_ignore_support', 'mail_reset_ignore_operator'],
  ['mail_notice_preheader_operator', 'mail_notice_preheader'],
  ['mail_notice_changed_support', 'mail_notice_changed_person'],
  ['mail_notice_changed_batch', 'mail_notice_changed_person'],
]);
