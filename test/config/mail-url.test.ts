import { describe, expect, it } from 'vitest';
import { parseMailUrl } from '../../src/config/mail-url.ts';

describe('the mail URL', () => {
  it.each([
    ['smtp://mail.example.com', { kind: 'smtp', host: 'mail.example.com', port: 587, tls: 'starttls' }],
    ['smtp://mail.example.com:25', { kind: 'smtp', host: 'mail.example.com', port: 25, tls: 'starttls' }],
    ['smtps://mail.example.com', { kind: 'smtp', host: 'mail.example.com', port: 465, tls: 'wrapped' }],
    ['smtp://mail.example.com/?ca=/etc/ca.pem', { tls: 'starttls', caFile: '/etc/ca.pem' }],
    [
      'smtp://me%40example.com@mail.example.com?auth=XOAUTH2&token=/run/mail%20token',
      { user: 'me@example.com', tokenFile: '/run/mail token', tls: 'starttls' },
    ],
    ['smtp://[::1]:2525', { host: '::1', port: 2525, tls: 'none' }],
    ['sendmail:', { kind: 'sendmail', program: '/usr/sbin/sendmail' }],
    ['sendmail:/opt/bin/msmtp', { kind: 'sendmail', program: '/opt/bin/msmtp' }],
    ['file:mails', { kind: 'file', directory: 'mails' }],
    ['file:/var/spool/mails', { kind: 'file', directory: '/var/spool/mails' }],
    ['file:///var/spool/my%20mails', { kind: 'file', directory: '/var/spool/my mails' }],
  ])('%s', (url, parsed) => {
    expect(parseMailUrl(url)).toMatchObject(parsed);
  });

  it.each([
    ['smtp://127.0.0.1:1025', 'none'],
    ['smtp://localhost:1025', 'none'],
    ['smtp://localhost:1025?tls=required', 'starttls'],
    ['smtp://localhost:1025?ca=ca.pem', 'starttls'],
    ['smtp://127.0.0.1.evil.test', 'starttls'],
    ['smtp://localhost.evil.test', 'starttls'],
    ['smtp://10.0.0.1', 'starttls'],
    ['smtp://10.0.0.1?tls=none', 'none'],
  ])('R70: requires STARTTLS off loopback unless configured otherwise: %s is %s', (url, tls) => {
    expect(parseMailUrl(url)).toMatchObject({ tls });
  });

  it('decodes the credentials and keeps the password secret', () => {
    const url = parseMailUrl('smtps://me%40example.com:p%2Fw%25@mail.example.com');
    if (url.kind !== 'smtp') throw new Error('not smtp');
    expect([url.user, url.password?.reveal()]).toEqual(['me@example.com', 'p/w%']);
    expect(JSON.stringify(url)).not.toContain('p/w');
  });

  it.each([
    '',
    'mail.example.com',
    'http://mail.example.com',
    'smtp://',
    'smtp://me:canary@',
    'smtp://me@mail.example.com',
    'smtp://me:canary%zz@mail.example.com',
    'smtp://me:canary%0d%0a@mail.example.com',
    'smtp://me:canary@mail.example.com/path',
    'smtp://me:canary@mail.example.com?tls=maybe',
    'smtp://me:canary@mail.example.com?verify=no',
    'smtps://me:canary@mail.example.com?tls=none',
    'smtp://me:canary@mail.example.com?ca=',
    'sendmail:bin/sendmail',
    'sendmail://host/sendmail',
    'smtp://me:canary@mail.example.com?auth=xoauth2',
    'smtp://me:canary@mail.example.com?auth=xoauth2&token=token.txt',
    'smtp://me:canary@mail.example.com?auth=login',
    'smtp://me@mail.example.com?auth=xoauth2&token=',
    'smtp://mail.example.com?auth=xoauth2&token=token.txt',
    'smtp://me@mail.example.com?token=token.txt',
    'file:',
    'file://elsewhere/mails',
  ])('R76: is refused with the way out and without what it says: %j', (url) => {
    let error: unknown;
    try {
      parseMailUrl(url);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code: 'config_invalid' });
    expect((error as Error).message).toContain('Write smtp://');
    expect((error as Error).message).not.toContain('canary');
  });
});
