import { expect, it } from 'vitest';
import { issuers } from '../../src/native/issuers/index.ts';
import { fillLink, linkTemplate, readLink } from '../../src/native/link-path.ts';

const django = { page: '/accounts/reset', tail: '/{uid}/{token}/' };

it('takes the page of the application, another page, or a whole path with placeholders', () => {
  expect(linkTemplate(django, undefined)).toBe('/accounts/reset/{uid}/{token}/');
  expect(linkTemplate(django, '/konto/neu/')).toBe('/konto/neu/{uid}/{token}/');
  expect(linkTemplate(django, '/r?u={uid}&t={token}')).toBe('/r?u={uid}&t={token}');
});

it.each([
  ['accounts/reset', /begin with one slash/],
  ['//evil.example/reset', /begin with one slash/],
  ['/reset/{uid}', /no \{token\}/],
  ['/reset/{key}/{token}', /has \{key\}; known here: \{uid\}, \{token\}/],
])('R55: refuses the path %s', (path, why) => {
  expect(() => linkTemplate(django, path)).toThrow(why);
});

it.each(issuers.map((issuer) => [issuer.name, linkTemplate(issuer, undefined)]))(
  'reads what it wrote: %s',
  (_name, template) => {
    const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
    const parts = Object.fromEntries(names.map((name) => [name, `a b+c/${name}@x`]));
    const link = fillLink('https://example.com/app', template, parts);
    expect(readLink(template, link)).toEqual(parts);
    expect(readLink(template, `${link}#top`)).toEqual(parts);
  },
);

it('reads a link with what an application adds to it, and knows a bare token', () => {
  const template = '/wp-login.php?action=rp&key={token}&login={login}';
  const link = 'https://example.com/wp-login.php?action=rp&key=abc&login=su%20san&wp_lang=en_US';
  expect(readLink(template, link)).toEqual({ token: 'abc', login: 'su san' });
  expect(readLink(template, 'abc')).toEqual({ token: 'abc' });
  expect(readLink(template, 'https://example.com/elsewhere?key=abc')).toBeUndefined();
});
