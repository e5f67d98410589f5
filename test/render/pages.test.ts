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
  error: renderPage(renderer, 'error', {
    ...base,
    locale,
    errorKey: 'error_token_expired',
    requestPath: '/reset_password_request',
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
      expect(address).toMatch(/^\/(?!\/)|^\/\/$|^https:\/\/example\.com\/login$/);
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

  it('tells every violation, aloud and at the fields', () => {
    expect(html).toMatch(
      /role="alert"[\s\S]*It is too short\. It needs at least 15 characters\.[\s\S]*The two passwords don’t match\./,
    );
    expect(html.match(/aria-invalid="true"/g)).toHaveLength(2);
    expect(renderPage(renderer, 'reset', { ...reset, violations: [] })).not.toMatch(
      /aria-invalid|role="alert"/,
    );
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
    expect(limited).toContain('It is too long. It can have no more than 128 characters.');
    expect(limited).toContain('passwordrules="minlength: 15; maxlength: 128;"');
    expect(limited).not.toMatch(/4,?096 bytes/);
  });

  it('R63: shows a hostile address as text', () => {
    const hostile = renderPage(renderer, 'reset', { ...reset, email: '"><script>alert(1)</script>' });
    expect(hostile).not.toContain('<script>');
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
