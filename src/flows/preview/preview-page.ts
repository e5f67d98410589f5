import type { Config } from '../../config/config.ts';
import { ERRORS } from '../../errors.ts';
import { readBrandLogo } from '../../render/brand-logo.ts';
import { chooseLocale } from '../../render/choose-locale.ts';
import { inlineAssets } from '../../render/inline-assets.ts';
import type { PageBase, PageData, PageName } from '../../render/pages.ts';
import { renderPage, renderStylesheet } from '../../render/pages.ts';
import { createRenderer, type Renderer } from '../../render/render-template.ts';
import type { PageView } from './preview-kinds.ts';
import { sampleSite } from './sample-site.ts';
import { CODE_PATH, REQUEST_PATH } from '../../values/page-paths.ts';

const EMAIL = 'susan@example.com';
const REQUEST_ID = '00000000-0000-4000-8000-000000000000';
/** What bcrypt takes: the commonest limit. */
const MAX_BYTES = 72;

/** Where an error leads. */
type Way = Pick<PageData['error'], 'requestPath' | 'retryPath' | 'loginUrl'>;
const RETRY: Way = { retryPath: '?' };

/** A page in one file, with its stylesheet, script and logo in it. Throws config_invalid for a broken template. */
export async function previewPage(
  config: Config,
  view: PageView,
  renderer = createRenderer({ overrides: config.templates }),
): Promise<string> {
  const logo = config.brand.logo === undefined ? undefined : await readBrandLogo(config.brand.logo);
  const html = renderView(renderer, view, config, {
    locale: chooseLocale([config.mail.locale], renderer.catalogue.available),
    appName: sampleSite(config).appName,
    supportContact: config.brand.support,
    stylePath: '/style.css',
    scriptPath: '/script.js',
    logoPath: logo && '/logo',
  });
  return inlineAssets(html, {
    style: renderStylesheet(renderer, config.brand.color),
    script: renderer.readAsset('page/script.js'),
    logo,
  });
}

function renderView(
  renderer: Renderer,
  view: PageView,
  { loginUrl, password }: Config,
  base: PageBase,
): string {
  const render = <P extends PageName>(page: P, data: Omit<PageData[P], keyof PageBase>): string =>
    renderPage(renderer, page, { ...base, ...data } as PageData[P]);
  const refuse = (code: keyof typeof ERRORS, way: Way = { requestPath: REQUEST_PATH }): string =>
    render('error', { errorKey: ERRORS[code].publicText, ...way });
  const { minLength } = password;
  const form = { formAction: '?', email: EMAIL, minLength, maxBytes: MAX_BYTES };
  const code = { formAction: CODE_PATH, requestPath: REQUEST_PATH, formId: 'form' };
  switch (view) {
    case 'request':
      return render('request', { formAction: REQUEST_PATH, codePath: CODE_PATH });
    case 'sent':
      return render('sent', { requestPath: REQUEST_PATH });
    case 'code':
      return render('code', { ...code, email: '', isRefused: false });
    case 'code-refused':
      return render('code', { ...code, email: EMAIL, isRefused: true });
    case 'code-password':
      return render('reset', { ...form, token: 'token', violations: [] });
    case 'reset':
      return render('reset', { ...form, violations: [] });
    case 'rejected': {
      const violations = [{ code: 'too_short', params: { min: minLength } }, { code: 'mismatch' }];
      return render('reset', { ...form, violations });
    }
    case 'done':
      return render('done', { loginUrl });
    case 'expired':
      return refuse('token_expired');
    case 'used':
      return refuse('token_used', { requestPath: REQUEST_PATH, loginUrl });
    case 'revoked':
      return refuse('token_revoked');
    case 'invalid':
      return refuse('token_invalid');
    case 'throttled':
      return refuse('throttled', RETRY);
    case 'unavailable':
      return refuse('database_unavailable', RETRY);
    case 'missing':
      return render('error', { errorKey: 'error_not_found', requestPath: REQUEST_PATH });
    case 'forbidden':
      return render('error', { errorKey: 'error_forbidden', ...RETRY });
    case 'error':
      return renderPage(renderer, 'error', {
        ...base,
        ...RETRY,
        errorKey: 'error_neutral',
        requestId: REQUEST_ID,
      });
  }
}
