/** What can be previewed, in a file of its own, because `--help` needs only these names. */
export const PREVIEWS = ['reset', 'notice', 'access', 'page'] as const;
export type PreviewName = (typeof PREVIEWS)[number];

export const MAIL_FORMATS = ['html', 'text', 'eml'] as const;
export type MailFormat = (typeof MAIL_FORMATS)[number];

/** How a person gets a link: see Occasion. */
export const OCCASIONS = ['page', 'support', 'batch'] as const;

/** Pages as a visitor may meet them: the templates, and the errors that have words of their own. */
export const PAGE_VIEWS = [
  'request',
  'sent',
  'code',
  'code-refused',
  'code-password',
  'reset',
  'rejected',
  'done',
  'expired',
  'used',
  'revoked',
  'invalid',
  'throttled',
  'unavailable',
  'missing',
  'forbidden',
  'error',
] as const;
export type PageView = (typeof PAGE_VIEWS)[number];
