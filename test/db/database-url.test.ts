import { describe, expect, it } from 'vitest';
import { parseDatabaseUrl, redactUrl } from '../../src/db/connect.ts';

describe('parseDatabaseUrl', () => {
  it.each([
    [
      'postgres://app:p%40ss@db.example.com/shop',
      { dialect: 'postgres', host: 'db.example.com', port: 5432, password: 'p@ss' },
    ],
    ['postgresql://app@localhost:6543/shop', { dialect: 'postgres', port: 6543, user: 'app', password: '' }],
    [
      'postgres:///shop?host=/run/postgresql',
      { dialect: 'postgres', host: '/run/postgresql', database: 'shop' },
    ],
    ['postgres://app@%2Frun%2Fpostgresql/shop', { host: '/run/postgresql', tls: 'off' }],
    ['postgres://localhost/shop?schema=reset', { schema: 'reset' }],
    ['mysql://root@[::1]/shop', { dialect: 'mysql', host: '::1', port: 3306, tls: 'off' }],
    ['mariadb://root@127.0.0.1/shop', { dialect: 'mysql', tls: 'off' }],
    ['sqlite:data/app.db', { dialect: 'sqlite', path: 'data/app.db' }],
    ['sqlite:///srv/app.db', { dialect: 'sqlite', path: '/srv/app.db' }],
  ])('reads %s', (url, expected) => {
    expect(parseDatabaseUrl(url)).toMatchObject(expected);
  });

  it.each([
    '',
    'shop',
    'oracle://h/x',
    'sqlite:',
    'postgres://localhost',
    'postgres://a:%ZZ@h/x',
    'postgres://h/x?sslmode=prefer',
  ])('refuses %j', (url) => {
    expect(() => parseDatabaseUrl(url)).toThrow(expect.objectContaining({ code: 'config_invalid' }));
  });

  it.each([
    ['postgres://a@db.example.com/x', 'verified'],
    ['mysql://a@10.0.0.5/x', 'verified'],
    ['mysql://a@localhost.example.com/x', 'verified'],
    ['mysql://a@127.0.0.1.example.com/x', 'verified'],
    ['postgres://a@db.example.com/x?sslmode=require', 'verified'],
    ['postgres://a@db.example.com/x?sslmode=disable', 'off'],
    ['postgres://a@localhost/x', 'off'],
    ['postgres://a@localhost/x?sslmode=verify-full', 'verified'],
  ])('R77: %s has TLS %s', (url, tls) => {
    expect(parseDatabaseUrl(url)).toMatchObject({ tls });
  });

  it.each([
    ['postgres://app:s3cret@db/shop?password=s3cret', 'postgres://app@db/shop'],
    ['mysql://:s3cret@db/shop', 'mysql://db/shop'],
    ['not a url s3cret', '[unreadable database URL]'],
    ['sqlite:app.db', 'sqlite:app.db'],
  ])('R76: shows %s without a password', (url, shown) => {
    expect(redactUrl(url)).toBe(shown);
  });
});
