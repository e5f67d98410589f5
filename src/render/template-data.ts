import type { Occasion } from '../types.ts';
import type { Palette } from './accent.ts';
import type { ReportView } from './report-view.ts';

/** What must be corrected before a form can be sent again, and in which field (its id). */
export interface Problem {
  readonly field: 'password' | 'password2' | 'code';
  readonly text: string;
}

/** For which application a mail or a page speaks, and in which language. */
export interface AppIdentity {
  /** as people know the application */
  readonly appName: string;
  /** a language the catalogue has: see `chooseLocale` */
  readonly locale: string;
  /** where to ask, as people read it: an address, a number, a room */
  readonly supportContact?: string | undefined;
}

/** Keys of the sentences that differ with the occasion of a mail. */
export interface MailSentences {
  readonly subject: string;
  readonly preheader: string;
  /** why this mail comes */
  readonly why: string;
  /** what to do if the person did not expect it */
  readonly ifNot: string;
  readonly footer: string;
}

/** All that templates can be given; a key that is not here never reaches one (R71). */
export interface TemplateData {
  readonly locale: string;
  readonly appName?: string;
  readonly email?: string;
  readonly palette?: Palette;
  readonly supportContact?: string | undefined;

  // mails
  readonly baseUrl?: string;
  readonly host?: string;
  readonly name?: string | undefined;
  readonly link?: string;
  readonly duration?: string;
  readonly expiresAt?: string;
  readonly worksOnce?: boolean;
  readonly changedAt?: string;
  /** keys of the sentences of a mail about access */
  readonly changes?: readonly string[];
  readonly requestedBy?: 'person' | 'operator';
  readonly occasion?: Occasion;
  readonly isLocked?: boolean;
  readonly sentences?: MailSentences;
  readonly ticket?: string | undefined;
  readonly reasonLines?: readonly string[];
  readonly redirectedFor?: string | undefined;
  readonly requestUrl?: string | undefined;
  /** a one-time code as people read it, and the address of the page for it */
  readonly code?: string | undefined;
  readonly codeUrl?: string | undefined;

  // pages
  readonly title?: string;
  /** the title as the browser's tab and a screen reader say it: with "Error:" where something must be corrected */
  readonly documentTitle?: string;
  readonly message?: string;
  readonly violations?: readonly string[];
  readonly problems?: readonly Problem[];
  readonly formAction?: string;
  readonly requestPath?: string | undefined;
  readonly retryPath?: string | undefined;
  readonly loginUrl?: string | undefined;
  readonly requestId?: string | undefined;
  readonly logoPath?: string | undefined;
  readonly stylePath?: string;
  readonly scriptPath?: string | undefined;
  readonly minLength?: number;
  readonly maxLength?: number | undefined;
  readonly maxBytes?: number | undefined;
  readonly normalize?: 'none' | 'nfc' | 'nfkc' | undefined;
  readonly codePath?: string | undefined;
  readonly formId?: string;
  readonly isRefused?: boolean;
  readonly token?: string | undefined;
  /** a Content-Security-Policy that the page carries itself, because no server sends one */
  readonly contentPolicy?: string | undefined;

  // the report of a batch
  readonly report?: ReportView;
}

const keys = {
  locale: true,
  appName: true,
  email: true,
  palette: true,
  supportContact: true,
  baseUrl: true,
  host: true,
  name: true,
  link: true,
  duration: true,
  expiresAt: true,
  worksOnce: true,
  changedAt: true,
  changes: true,
  requestedBy: true,
  occasion: true,
  isLocked: true,
  sentences: true,
  ticket: true,
  reasonLines: true,
  redirectedFor: true,
  requestUrl: true,
  code: true,
  codeUrl: true,
  title: true,
  documentTitle: true,
  message: true,
  violations: true,
  problems: true,
  formAction: true,
  requestPath: true,
  retryPath: true,
  loginUrl: true,
  requestId: true,
  logoPath: true,
  stylePath: true,
  scriptPath: true,
  minLength: true,
  maxLength: true,
  maxBytes: true,
  normalize: true,
  codePath: true,
  formId: true,
  isRefused: true,
  token: true,
  contentPolicy: true,
  report: true,
} as const satisfies Record<keyof TemplateData, true>;

/** The names under which a template finds its data. */
export const DATA_KEYS = Object.keys(keys) as readonly (keyof TemplateData)[];
