import { ResetError } from '../errors.ts';
import { makePalette } from './accent.ts';
import type { Params } from './catalogue.ts';
import type { Renderer } from './render-template.ts';
import type { AppIdentity, Problem, TemplateData } from './template-data.ts';

/** What every page needs. Paths are on our own listener: absolute (`/x`) or relative to the page. */
export interface PageBase extends AppIdentity {
  /** what `renderStylesheet` made is served here */
  readonly stylePath: string;
  /** where the asset `page/script.js` is served */
  readonly scriptPath?: string | undefined;
  /** an image of the operator's, served by the listener */
  readonly logoPath?: string | undefined;
  /** for a person who calls support */
  readonly requestId?: string | undefined;
}

/** Why a password was refused: a code of the policy with its numbers, said as `violation_<code>`. */
export interface PageViolation {
  readonly code: string;
  readonly params?: Params | undefined;
}

/** What each page is given. */
export interface PageData {
  readonly request: PageBase & {
    readonly formAction: string;
    /** given: the page leads to where a code is typed */
    readonly codePath?: string | undefined;
  };
  readonly sent: PageBase & { readonly requestPath: string };
  readonly reset: PageBase & {
    readonly formAction: string;
    /** whose password it is; password managers file the new one under it */
    readonly email: string;
    /** code points */
    readonly minLength: number;
    /** characters as forms count them, where the application's login has a limit */
    readonly maxLength?: number | undefined;
    /** UTF-8 bytes, where the hash format has a limit */
    readonly maxBytes?: number | undefined;
    /** before counting; `none` unless given */
    readonly normalize?: 'none' | 'nfc' | 'nfkc' | undefined;
    readonly violations: readonly PageViolation[];
    /** of a form that stands at no link of its own */
    readonly token?: string | undefined;
  };
  readonly code: PageBase & {
    readonly formAction: string;
    readonly requestPath: string;
    /** of this form, so that its browser may send it again */
    readonly formId: string;
    /** what was typed before; empty at first */
    readonly email: string;
    readonly isRefused: boolean;
  };
  readonly done: PageBase & { readonly loginUrl?: string | undefined };
  readonly error: PageBase & {
    /** `publicText` of the error, or `error_not_found`, `error_forbidden` */
    readonly errorKey: string;
    /** given: the page offers a new link */
    readonly requestPath?: string | undefined;
    /** given: the page offers to try the same once more */
    readonly retryPath?: string | undefined;
    /** given: the page leads to the sign-in */
    readonly loginUrl?: string | undefined;
  };
}

export type PageName = keyof PageData;

type Translate = (key: string, params?: Params) => string;

/** What a page says besides the data it was given. */
const words: { readonly [P in PageName]: (t: Translate, data: PageData[P]) => Words } = {
  request: (t) => ({ title: t('page_request_title') }),
  sent: (t) => ({ title: t('page_sent_title') }),
  reset: (t, data) => {
    const problems = data.violations.map(({ code, params }): Problem => {
      const field = code === 'mismatch' ? 'password2' : 'password';
      return { field, text: t(sentenceOf(code, params), params) };
    });
    const violations = problems.map(({ text }) => text);
    return { title: t('page_reset_title'), message: t('error_password_rejected'), problems, violations };
  },
  code: (t, { isRefused }) => ({
    title: t('page_code_title'),
    message: t('error_code_invalid_title'),
    problems: isRefused ? [{ field: 'code', text: t('error_code_invalid') }] : [],
  }),
  done: (t) => ({ title: t('page_done_title') }),
  error: (t, { errorKey }) => ({ title: t(`${errorKey}_title`), message: t(errorKey) }),
};

type Words = Partial<TemplateData> & { readonly title: string };

/** Too long has two sentences: bytes are for those who need them. */
const sentenceOf = (code: string, params: Params = {}): string =>
  code === 'too_long' && 'max' in params ? 'violation_too_many_characters' : `violation_${code}`;

/** One page as HTML. Throws `config_invalid` for a broken template. */
export function renderPage<P extends PageName>(renderer: Renderer, page: P, data: PageData[P]): string {
  const t: Translate = (key, params) => renderer.catalogue.translate(data.locale, key, params);
  const said = { violations: [], problems: [], ...words[page](t, data) };
  const { title, problems } = said;
  const documentTitle = problems.length > 0 ? t('page_error_title', { title }) : title;
  const html = renderer.render(`page/${page}`, { ...data, ...said, documentTitle });
  if ('token' in data && data.token !== undefined && !html.includes(`value="${data.token}"`)) {
    throw new ResetError(
      'config_invalid',
      'The template page/reset leaves out the token, which the code page needs. Put this into its form: <% if (token) { %><input type="hidden" name="token" value="<%= token %>"><% } %>',
    );
  }
  return html;
}

/** The pages' one stylesheet with the accent colour (`#rrggbb`) in it: the policy allows no inline style. */
export function renderStylesheet(renderer: Renderer, accent?: string): string {
  const colours = renderer.render('page/accent.css', { locale: 'en', palette: makePalette(accent) });
  return `${colours}\n${renderer.readAsset('page/style.css')}`;
}
