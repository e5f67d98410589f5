import { expect, it } from 'vitest';
import { masterKey, secretReadings, strangeSecret } from '../../src/native/secret-readings.ts';

const secret = 'the SECRET_KEY of this site';

it.each([
  [secret, undefined],
  [` ${secret}\t`, 'without the spaces around it'],
  [`${secret}\n`, 'without the spaces around it'],
  [`${secret}\r\n`, 'without the spaces around it'],
  [`'${secret}'`, 'without the quotes around it'],
  [`export SECRET_KEY="${secret}"`, 'without the name before it'],
  [`secret_key_base: ${secret}`, 'without the name before it'],
  [Buffer.from(`${secret}\n`).toString('base64'), 'decoded from base64'],
  [`base64:${Buffer.from(secret).toString('base64')}`, 'decoded from base64'],
  [`base64:${Buffer.from(`${secret}\r\n`).toString('base64')}\n`, 'decoded from base64'],
  [Buffer.from(secret).toString('base64url'), 'decoded from base64'],
])('reads %j, and says how', (given, note) => {
  expect(secretReadings(given).find((reading) => reading.secret === secret)?.note).toBe(note);
});

it('names what is no secret of the form', () => {
  const rails = { name: 'rails', secret: 'secret_key_base' };
  expect(strangeSecret(rails, 'base64:abcdefgh')).toContain('APP_KEY');
  expect(strangeSecret(rails, '-----BEGIN PRIVATE KEY-----')).toContain('a file of keys');
  expect(strangeSecret(rails, 'ab'.repeat(64))).toBeUndefined();
  expect(masterKey(rails, 'ab'.repeat(16))).toContain('config/master.key');
  expect(masterKey({ secret: 'SECRET_KEY' }, 'ab'.repeat(16))).toBeUndefined();
});

it.each(['APP_SECRET=', 'APP_SECRET=""', "export SECRET_KEY=''", 'secret_key_base:', ' SECRET = '])(
  'names %j as empty',
  (given) => {
    expect(strangeSecret({ name: 'symfony', secret: 'APP_SECRET' }, given)).toContain(
      'a name without a value',
    );
  },
);

it.each([1, 2, 16, 17, 31, 32])('takes a secret of %i bytes in base64 as it is', (length) => {
  const given = Buffer.alloc(length, 0x9a).toString('base64');
  expect(strangeSecret({ name: 'jwt', secret: 'SECRET_KEY' }, given)).toBeUndefined();
  expect(secretReadings(given)).toEqual([{ secret: given, note: undefined }]);
});
