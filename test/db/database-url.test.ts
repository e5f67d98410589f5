import { describe, expect, it } from 'vitest';
import { parseDatabaseUrl, redactUrl } from '../../src/db/connect.ts';

describe('parseDatabaseUrl', () => {
  const readings = {
    'postgres://app:p%40ss@db.example.com/shop': {
      dialect: 'postgres',
      host: 'db.example.com',
      port: 5432,
      password: 'p@ss',
    },
    'postgresql://app@localhost:6543/shop': { dialect: 'postgres', port: 6543, user: 'app', password: '' },
    'postgres:///shop?host=/run/postgresql': {
      dialect: 'postgres',
      host: '/run/postgresql',
      database: 'shop',
    },
    'postgres://app@%2Frun%2Fpostgresql/shop': { host: '/run/postgresql', tls: 'off' },
    'postgres://localhost/shop?schema=reset': { searchPath: ['reset'] },
    'postgres://localhost/shop?search_path=tenant_a,public': { searchPath: ['tenant_a', 'public'] },
    'postgres://localhost/shop?currentSchema=tenant_a': { searchPath: ['tenant_a'] },
    'postgres://localhost/shop?schema_search_path=tenant_a': { searchPath: ['tenant_a'] },
    'postgres://localhost/shop?options=-c%20search_path%3Dtenant_a': {
      options: '-c search_path=tenant_a',
      searchPath: undefined,
    },
    'mysql://root@localhost/shop?socket=/run/mysqld/mysqld.sock': { host: '/run/mysqld/mysqld.sock' },
    'mysql://root@localhost/shop?unix_socket=/run/x.sock': { host: '/run/x.sock', tls: 'off' },
    'mysql2://root@localhost/shop': { dialect: 'mysql', port: 3306 },
    'trilogy://root@localhost/shop': { dialect: 'mysql' },
    'mysql+pymysql://root@localhost/shop': { dialect: 'mysql', database: 'shop' },
    'postgresql+asyncpg://app@localhost/shop': { dialect: 'postgres', user: 'app' },
    'postgresql+psycopg2://app@localhost/shop': { dialect: 'postgres' },
    'sqlite3:data/app.db': { dialect: 'sqlite', path: 'data/app.db' },
    'postgres://localhost/shop?connection_limit=5&pgbouncer=true': { database: 'shop' },
    'mysql://root@[::1]/shop': { dialect: 'mysql', host: '::1', port: 3306, tls: 'off' },
    'mariadb://root@127.0.0.1/shop': { dialect: 'mysql', tls: 'off' },
    'sqlite:data/app.db': { dialect: 'sqlite', path: 'data/app.db' },
    'sqlite:///srv/app.db': { dialect: 'sqlite', path: '/srv/app.db' },
    'sqlite:////srv/app.db': { dialect: 'sqlite', path: '/srv/app.db' },
    'sqlite:///package.json': { dialect: 'sqlite', path: 'package.json' },
  };
  it.each(Object.entries(readings))('reads %s', (url, expected) => {
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
    ['sqlite:///nowhere.db', /ambiguous: .* \/nowhere\.db or nowhere\.db/],
    ['postgres://app:hun#ter2@db/shop', /write # as %23/],
    ['postgres://app:hun?ter2@db/shop', /write # as %23.*\? as %3F/],
    ['postgres://app:hun/ter2@db/shop', /\/ as %2F/],
    ['mysql://app:hun/ter2@db/shop', /\/ as %2F/],
    ['postgres://app@h1:5432,h2:5432/shop', /names several hosts/],
    ['postgres://app@db/shop?schema=a&search_path=b', /two schemas/],
    ['postgres://app@db/shop?dbname=other', /parameter dbname/],
    ['postgres://app@db/shop?hostaddr=10.0.0.1', /parameter hostaddr/],
    ['mysql://app@db/shop?schema=other', /parameter schema/],
    ['mysql://app@db/shop?database=other', /parameter database/],
  ])('says what is wrong with %s, and not what it holds', (url, says) => {
    expect(() => parseDatabaseUrl(url)).toThrow(says);
    expect(() => parseDatabaseUrl(url)).not.toThrow(/hun|ter2/);
  });

  it.each([
    'postgres://a@db.example.com/x',
    'mysql://a@10.0.0.5/x',
    'mysql://a@localhost.example.com/x',
    'mysql://a@127.0.0.1.example.com/x',
    'postgres://a@db.example.com/x?sslmode=require',
    'postgres://a@localhost/x?sslmode=verify-full',
  ])('R77: %s has TLS verified', (url) => {
    expect(parseDatabaseUrl(url)).toMatchObject({ tls: 'verified' });
  });

  it.each(['postgres://a@db.example.com/x?sslmode=disable', 'postgres://a@localhost/x'])(
    'R77: %s has no TLS',
    (url) => {
      expect(parseDatabaseUrl(url)).toMatchObject({ tls: 'off' });
    },
  );

  it.each([
    ['postgres://app:s3cret@db/shop?password=s3cret', 'postgres://app@db/shop'],
    ['mysql://:s3cret@db/shop', 'mysql://db/shop'],
    ['not a url s3cret', '[unreadable database URL]'],
    ['sqlite:app.db', 'sqlite:app.db'],
  ])('R76: shows %s without a password', (url, shown) => {
    expect(redactUrl(url)).toBe(shown);
  });
});
