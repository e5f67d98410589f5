import { describe, expect, it } from 'vitest';
import { renderPage, renderStylesheet, type PageBase, type PageData } from '../../src/render/pages.ts';
import { createRenderer } from '../../src/render/render-template.ts';

const renderer = createRenderer();
const base: PageBase = {
  locale: 'en',
  appName: 'Example Shop',
  stylePath: '/reset_assets/style.css',
  scriptPath: '/reset_assets/script.js',
  requestId: 'req-17',
};
const reset: PageData['reset'] = {
  ...base,
  formAction: '/reset_password/eyJ.eyJ.x',
  email: 'susan@example.com',
  minLength: 15,
  maxBytes: 72,
  violations: [{ code: 'too_short', params: { min: 15, actual: 3 } }, { code: 'mismatch' }],
};
const pages = (locale: string): Record<string, string> => ({
  request: renderPage(renderer, 'request', { ...base, locale, formAction: '/reset_password_request' }),
  sent: renderPage(renderer, 'sent', { ...base, locale, requestPath: '/reset_password_request' }),
  reset: renderPage(renderer, 'reset', { ...reset, locale }),
  done: renderPage(renderer, 'done', { ...base, locale, loginUrl: 'https://example.com/login' }),
  code: renderPage(renderer, 'code', {
    ...base,
    locale,
    formAction: '/reset_password_code',
    requestPath: '/reset_password_request',
    formId: 'form',
    email: 'susan@example.com',
    isRefused: true,
  }),
  error: renderPage(renderer, 'error', {
    ...base,
    locale,
    errorKey: 'error_token_used',
    requestPath: '/reset_password_request',
    retryPath: '?',
    loginUrl: 'https://example.com/login',
  }),
});

describe.each(renderer.catalogue.available)('the pages in %s', (locale) => {
  it.each(Object.entries(pages(locale)))(
    '%s has one heading, its language, and every sentence filled in',
    (_name, html) => {
      expect(html).toContain(`<html lang="${locale}" dir="${renderer.catalogue.direction(locale)}">`);
      expect(html.match(/<h1>[^<]+<\/h1>/g)).toHaveLength(1);
      expect(html).not.toMatch(/\{\w+\}|undefined|\[object/);
    },
  );

  it.each(Object.entries(pages(locale)))('R58: %s leads nowhere but to us and the login', (_name, html) => {
    for (const [, address = ''] of html.matchAll(/\s(?:href|src|action)="([^"]*)"/g)) {
      expect(address).toMatch(/^\/(?!\/)|^\/\/$|^\?$|^#(?:password2?|code)$|^https:\/\/example\.com\/login$/);
    }
    for (const [link] of html.matchAll(/<a [^>]*https:[^>]*>/g)) expect(link).toContain('rel="noreferrer"');
  });

  it.each(Object.entries(pages(locale)))(
    '%s has no inline code or style, which the policy would stop',
    (_name, html) => {
      expect(html).not.toMatch(/<script(?! src=)|<style|\sstyle=|\son\w+=/i);
    },
  );

  it.each(Object.entries(pages(locale)))(
    '%s weighs 15 kB at most, with its stylesheet and script',
    (_name, html) => {
      const all = html + renderStylesheet(renderer) + renderer.readAsset('page/script.js');
      expect(Buffer.byteLength(all)).toBeLessThanOrEqual(15_000);
    },
  );
});

describe('the reset page', () => {
  const html = renderPage(renderer, 'reset', reset);

  it('R33: helps password managers and forbids neither pasting nor long passwords', () => {
    const inputs = html.match(/<input[^>]+type="password"[^>]*>/g) ?? [];
    expect(inputs).toHaveLength(2);
    for (const input of inputs) {
      expect(input).toContain('autocomplete="new-password"');
      expect(input).not.toMatch(/ (?:maxlength|minlength|pattern|onpaste)=/);
    }
    expect(html).toContain('passwordrules="minlength: 15; maxlength: 72;"');
  });

  it('R25: never sends whose password it is', () => {
    expect(html).toMatch(
      /<input id="account"(?![^>]*name=)[^>]*autocomplete="username" value="susan@example.com" readonly>/,
    );
  });

  it('says every violation at the top, with a link to its field, and at the field', () => {
    const [, alert = '', form = ''] = /role="alert">([\s\S]*?)<\/div>([\s\S]*)/.exec(html) ?? [];
    expect(alert).toContain(
      '<a href="#password">The password is too short. It needs at least 15 characters.</a>',
    );
    expect(alert).toContain('<a href="#password2">The two passwords don’t match.</a>');
    expect(form).toMatch(
      /id="password-wrong">\s*<p>The password is too short[\s\S]*<input id="password"[^>]* aria-describedby="password-wrong rules-hint" aria-invalid="true" autofocus>/,
    );
    expect(form).toMatch(
      /id="password2-wrong">The two passwords don’t match\.[\s\S]*<input id="password2"[^>]* aria-describedby="password2-wrong match" aria-invalid="true">/,
    );
    expect(html).toContain('<title>Error: Choose a new password · Example Shop</title>');
    const first = renderPage(renderer, 'reset', { ...reset, violations: [] });
    expect(first).not.toMatch(/aria-invalid|role="alert"|autofocus|class="wrong"|Error:/);
    expect(first).toContain('<title>Choose a new password · Example Shop</title>');
  });

  it('says at the first field, where typing begins, that the two did not match', () => {
    const mismatch = renderPage(renderer, 'reset', { ...reset, violations: [{ code: 'mismatch' }] });
    expect(mismatch).toMatch(
      /<input id="password"[^>]* aria-describedby="password2-wrong rules-hint" autofocus>/,
    );
    expect(mismatch.match(/aria-invalid="true"/g)).toHaveLength(1);
  });

  it('has its hints above their fields', () => {
    expect(html).toMatch(/at least 15 characters[\s\S]*A few words in a row[\s\S]*<input id="password"/);
    expect(html).toMatch(/the same password in both fields[\s\S]*<input id="password2"/);
  });

  it.each([
    [72, true],
    [20, false],
  ])('hides a limit of %i bytes as long as it is far: %s', (maxBytes, isHidden) => {
    const rule = /<li data-rule="max"([^>]*)>/.exec(renderPage(renderer, 'reset', { ...reset, maxBytes }));
    expect(rule?.[1]).toBe(isHidden ? ' hidden' : '');
  });

  it('names no byte limit where there is none', () => {
    const unlimited = renderPage(renderer, 'reset', { ...reset, maxBytes: undefined });
    expect(unlimited).toContain('passwordrules="minlength: 15;"');
    expect(unlimited).not.toContain('data-rule="max"');
  });

  it('names the limit of the application’s own forms in characters, and a far limit only to who exceeds it', () => {
    const limited = renderPage(renderer, 'reset', {
      ...reset,
      maxLength: 128,
      maxBytes: 4096,
      violations: [{ code: 'too_long', params: { max: 128, actual: 130 } }],
    });
    expect(limited).toContain('no more than 128 characters');
    expect(limited).toContain('The password is too long. It can have no more than 128 characters.');
    expect(limited).toContain('passwordrules="minlength: 15; maxlength: 128;"');
    expect(limited).not.toMatch(/4,?096 bytes/);
  });

  it('R63: shows a hostile address as text', () => {
    const hostile = renderPage(renderer, 'reset', { ...reset, email: '"><script>alert(1)</script>' });
    expect(hostile).not.toContain('<script>');
  });
});

describe('the page for codes', () => {
  const page = (isRefused: boolean): string =>
    renderPage(renderer, 'code', {
      ...base,
      formAction: '/reset_password_code',
      requestPath: '/reset_password_request',
      formId: 'form',
      email: isRefused ? 'susan@example.com' : '',
      isRefused,
    });

  it('says at the top and at the field that a code was refused, and in the title', () => {
    expect(page(true)).toMatch(
      /role="alert"><strong>This code did not work<\/strong>[\s\S]*<a href="#code">/,
    );
    expect(page(true)).toMatch(
      /id="code-wrong">This code did not work<[\s\S]*<input class="code"[^>]* aria-describedby="code-wrong code-hint" aria-invalid="true" autofocus>/,
    );
    expect(page(true)).toContain('<title>Error: Enter your code · Example Shop</title>');
    expect(page(false)).not.toMatch(/aria-invalid|role="alert"|autofocus|class="wrong"|Error:/);
  });
});

describe('a page that is an error', () => {
  const page = (ways: object): string =>
    renderPage(renderer, 'error', { ...base, errorKey: 'error_token_used', ...ways });

  it('has one button, and links to what else can be done', () => {
    const requestPath = '/reset_password_request';
    const loginUrl = 'https://example.com/login';
    expect(page({ requestPath, loginUrl })).toMatch(
      /<a class="button" href="https:\/\/example\.com\/login" rel="noreferrer">Sign in<[\s\S]*<a href="\/reset_password_request">Request a new link</,
    );
    expect(page({ requestPath })).toContain('<a class="button" href="/reset_password_request">');
    expect(page({ retryPath: '?' })).toContain('<a class="button" href="?">Try again</a>');
  });
});

describe('the name of the application', () => {
  it.each([
    ['Gemeinschaftsportal', '<bdi>'],
    ['accounts.example.com', '<bdi class="host">'],
  ])('%s begins with %s: no hyphen is put into a host', (appName, tag) => {
    expect(renderPage(renderer, 'done', { ...base, appName })).toContain(`${tag}${appName}</bdi>`);
    expect(renderStylesheet(renderer)).toMatch(/html \{[^}]* hyphens: auto;/);
    expect(renderStylesheet(renderer)).toMatch(/\.host,\s*footer \{[^}]* hyphens: manual;/);
  });
});

describe('R43: the page after a request', () => {
  it('says the same to everybody, for it knows no address', () => {
    const html = renderPage(renderer, 'sent', { ...base, requestPath: '/reset_password_request' });
    expect(html).toContain('If there’s an account for the address you entered');
    expect(html).not.toContain('@');
  });
});

describe('the stylesheet', () => {
  it('carries the accent colour and nothing from elsewhere', () => {
    const css = renderStylesheet(renderer, '#7a1fa2');
    expect(css).toContain('--accent:#7a1fa2');
    expect(css).not.toMatch(/url\(|@import|https?:/);
  });
});
