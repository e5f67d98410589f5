import { expect, test } from 'vitest';
import { flaskMailUrl } from '../../src/config/environment.ts';
import { parseMailUrl } from '../../src/config/mail-url.ts';

test.each([
  [{ MAIL_SERVER: 'localhost', MAIL_USE_TLS: '1' }, 'starttls'],
  [{ MAIL_SERVER: 'localhost' }, 'none'],
  [{ MAIL_SERVER: 'mailhog', MAIL_USE_TLS: 'False' }, 'none'],
  [{ MAIL_SERVER: 'mail.example.com', MAIL_USE_TLS: 'True' }, 'starttls'],
  [{ MAIL_SERVER: 'mail.example.com' }, 'starttls'],
  [{ MAIL_SERVER: 'mail.example.com', MAIL_USE_SSL: 'true', MAIL_USE_TLS: 'False' }, 'wrapped'],
  [{ MAIL_SERVER: '::1' }, 'none'],
] as const)('Flask-Mail’s variables %j mean %s', (env, tls) => {
  const { value = '' } = flaskMailUrl(env) ?? {};
  expect(parseMailUrl(value)).toMatchObject({ kind: 'smtp', tls });
});

test.each([
  ['smtp://me:pa/ss@mail.example.com:587', /%2F/],
  ['smtp://me:pa#ss@mail.example.com:587', /%23/],
  ['smtp://me:pa?ss@mail.example.com:587', /%3F/],
  ['smtp://mail.example.com?answer=soon', /"answer" that is not from 1s to 60m/],
])('%s says how to write it, and does not repeat the password', (url, hint) => {
  expect(() => parseMailUrl(url)).toThrow(hint);
  expect(() => parseMailUrl(url)).not.toThrow(/ss@/);
});
