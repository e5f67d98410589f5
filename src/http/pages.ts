import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../config/config.ts';
import { chooseLocale, parseAcceptLanguage } from '../render/choose-locale.ts';
import type { PageBase, PageData, PageName } from '../render/pages.ts';
import { renderPage } from '../render/pages.ts';
import type { Renderer } from '../render/render-template.ts';
import { REQUEST_PATH } from '../values/page-paths.ts';
import type { SecurityHeaders } from './security-headers.ts';

/** What a page needs beyond what all pages have. */
export type OwnData<P extends PageName> = Omit<PageData[P], keyof PageBase>;

/** Where an error page leads; none is a dead end. To sign in, or for another link: where the sign-in is known. */
export type WayOn = 'retry' | 'new-link' | 'sign-in-or-new-link';

/** What an error page says. */
export interface ErrorPage {
  readonly status: number;
  /** `publicText` of the error, or another `error_*` sentence */
  readonly errorKey: string;
  readonly wayOn: WayOn;
  /** show the request's number, for a person who calls support */
  readonly hasRequestId?: boolean;
}

/** The pages in the visitor's language. */
export interface Pages {
  send<P extends PageName>(
    request: FastifyRequest,
    reply: FastifyReply,
    page: P,
    data: OwnData<P>,
    status?: number,
  ): FastifyReply;
  sendError(request: FastifyRequest, reply: FastifyReply, error: ErrorPage): FastifyReply;
  /** an error page for answers that have no request: English, without a number */
  readonly bareError: string;
}

export interface PagesOptions {
  readonly config: Config;
  readonly renderer: Renderer;
  readonly headers: SecurityHeaders;
  /** address of one of our own paths, as a browser sees it */
  readonly pathTo: (path: string) => string;
  readonly hasLogo: boolean;
}

/** Most pages are the same for everybody, and a link is opened by mail programs before its owner opens it. */
const MAX_REMEMBERED = 500;

/** Filled once at the start: a template of the operator's that is broken must not wait for its first visitor. */
const SAMPLES: { readonly [P in PageName]: OwnData<P> } = {
  request: { formAction: '/', codePath: '/' },
  code: { formAction: '/', requestPath: '/', formId: 'form', email: '', isRefused: true },
  sent: { requestPath: '/' },
  reset: { formAction: '?', email: 'a@example.com', minLength: 15, violations: [{ code: 'mismatch' }] },
  done: {},
  error: {
    errorKey: 'error_token_used',
    requestPath: '/',
    retryPath: '?',
    loginUrl: 'https://example.com/login',
  },
};

/** Pages that move the person forward have our script, and errors that answer a form; the rest is text. */
const SCRIPTED: readonly PageName[] = ['request', 'code', 'reset'];

/**
 * Pages over our own renderer: there is one way to a page, with the operator's overrides.
 * Throws config_invalid for a broken template.
 */
export function createPages(options: PagesOptions): Pages {
  const { config, renderer, headers, pathTo } = options;
  const shared = {
    appName: config.appName,
    stylePath: pathTo('/style.css'),
    logoPath: options.hasLogo ? pathTo('/logo') : undefined,
    supportContact: config.brand.support,
  };

  function fill<P extends PageName>(page: P, locale: string, data: OwnData<P>, more: More = {}): string {
    const { isAnswer = false, requestId } = more;
    const scriptPath = SCRIPTED.includes(page) || isAnswer ? pathTo('/script.js') : undefined;
    return renderPage(renderer, page, { ...shared, ...data, locale, scriptPath, requestId } as PageData[P]);
  }

  const remembered = new Map<string, Buffer>();
  function render<P extends PageName>(page: P, locale: string, data: OwnData<P>, more: More = {}) {
    // Nobody gets such a page twice, and its contents must not be stored.
    if ('token' in data || 'formId' in data || more.requestId !== undefined)
      return fill(page, locale, data, more);
    const key = JSON.stringify([page, locale, data, more]);
    const known = remembered.get(key);
    if (known !== undefined) return known;
    const html = Buffer.from(fill(page, locale, data, more));
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(key, html);
    return html;
  }

  for (const page of Object.keys(SAMPLES) as PageName[]) fill(page, 'en', SAMPLES[page]);

  const requestPath = pathTo(REQUEST_PATH);
  const waysOn: Readonly<Record<WayOn, Omit<OwnData<'error'>, 'errorKey'>>> = {
    retry: { retryPath: '?' },
    'new-link': { requestPath },
    'sign-in-or-new-link': { requestPath, loginUrl: config.loginUrl },
  };
  const localeOf = rememberLocales(renderer.catalogue.available, config.mail.locale);
  const send = (reply: FastifyReply, status: number, html: string | Buffer): FastifyReply =>
    reply.code(status).header('content-type', 'text/html; charset=utf-8').send(html);

  return {
    bareError: fill('error', 'en', { errorKey: 'error_neutral', requestPath }),
    send(request, reply, page, data, status = 200) {
      if (SCRIPTED.includes(page)) reply.headers(headers.withScript);
      return send(reply, status, render(page, localeOf(request), data));
    },
    sendError(request, reply, { status, errorKey, wayOn, hasRequestId = false }) {
      // For people who have sent a form, Back leads to the page that answered it, which needs a script.
      const isAnswer = request.method === 'POST';
      if (isAnswer) reply.headers(headers.withScript);
      const more = { isAnswer, ...(hasRequestId && { requestId: request.id }) };
      return send(reply, status, render('error', localeOf(request), { errorKey, ...waysOn[wayOn] }, more));
    },
  };
}

interface More {
  /** of a form that was sent */
  readonly isAnswer?: boolean;
  readonly requestId?: string;
}

/** Browsers send a few hundred different lines. */
function rememberLocales(available: readonly string[], fallback: string) {
  const known = new Map<string | undefined, string>();
  return ({ headers: { 'accept-language': wanted } }: FastifyRequest): string => {
    const found = known.get(wanted);
    if (found !== undefined) return found;
    const locale = chooseLocale([...parseAcceptLanguage(wanted), fallback], available);
    if (known.size >= MAX_REMEMBERED) known.clear();
    known.set(wanted, locale);
    return locale;
  };
}
