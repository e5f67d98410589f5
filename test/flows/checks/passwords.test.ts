import { configured, sql, eachBrokenSetup } from './broken-setups.ts';

eachBrokenSetup('the passwords', [
  {
    name: 'hashes that nobody knows',
    code: 'hashes_unknown',
    says: /1 of the newest rows/,
    advice: /reset hashes/,
    ...sql(
      (db) => db('users').insert({ email: 'odd@example.com', password_hash: 'odd' }),
      (db) => db('users').where({ password_hash: 'odd' }).delete(),
    ),
  },
  {
    name: 'a hash format that does not exist',
    code: 'passwords_unusable',
    says: /no hash format "bcript"/,
    advice: /Known: .*bcrypt/,
    ...configured({ 'users.hash': 'bcript' }, { 'users.hash': 'bcrypt' }),
  },
  {
    name: 'a hash format that is only read',
    code: 'passwords_unusable',
    says: /md5 is read-only/,
    advice: /set users\.hash/,
    ...configured({ 'users.hash': 'md5' }, { 'users.hash': 'auto' }),
  },
  {
    name: 'a hash format that the rows have not got',
    code: 'hash_doubtful',
    status: 'warning',
    says: /argon2 would be written, and no row has it/,
    advice: /users\.hash to auto/,
    ...configured({ 'users.hash': 'argon2' }, { 'users.hash': 'auto' }),
  },
  {
    name: 'a trigger that takes the hash away',
    code: 'passwords_unusable',
    says: /something other than what was written/,
    advice: /triggers/,
    ...sql(
      (db) =>
        db.raw(
          `create trigger eat after update on users begin update users set password_hash = 'x' where id = new.id; end`,
        ),
      (db) => db.raw('drop trigger eat'),
    ),
  },
]);
