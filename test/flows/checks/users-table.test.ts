import { configured, sql, eachBrokenSetup } from './broken-setups.ts';

eachBrokenSetup('the table of the users', [
  {
    name: 'a preset that does not exist',
    code: 'mapping_invalid',
    says: /no preset "wordpres"/,
    advice: /mean wordpress/,
    ...configured({ 'users.preset': 'wordpres' }, { 'users.preset': undefined }),
  },
  {
    name: 'a table that does not exist',
    code: 'mapping_invalid',
    says: /no table user /,
    advice: /mean users/,
    ...configured({ 'users.table': 'user' }, { 'users.table': 'users' }),
  },
  {
    name: 'a column that does not exist',
    code: 'mapping_invalid',
    says: /no column e_mail/,
    advice: /mean email/,
    ...configured({ 'users.email': 'e_mail' }, { 'users.email': 'email' }),
  },
  {
    name: 'an id that is not unique',
    code: 'mapping_invalid',
    says: /neither a primary key nor unique/,
    advice: /users\.id|could reach/,
    ...configured({ 'users.id': 'username' }, { 'users.id': undefined }),
  },
  {
    name: 'an e-mail column that holds numbers',
    code: 'column_not_text',
    says: /column id is not text/,
    advice: /users\.email/,
    ...configured({ 'users.email': 'id' }, { 'users.email': undefined }),
  },
  {
    name: 'two users on one address',
    code: 'emails_shared',
    status: 'warning',
    says: /1 addresses belong to more than one/,
    advice: /--id/,
    ...sql(
      (db) => db('users').insert({ email: 'SUSAN@example.com' }),
      (db) => db('users').where({ email: 'SUSAN@example.com' }).delete(),
    ),
  },
  {
    name: 'stored addresses that no mail can be sent to',
    code: 'emails_unwritable',
    status: 'warning',
    says: /2 users have addresses that no mail can be sent to: user 2 has "a@example\.com\\r", user 3 has "b@example\.com\."/,
    advice: /correct email in users; until then these users are skipped/,
    ...sql(
      (db) => db('users').insert([{ email: 'a@example.com\r' }, { email: 'b@example.com.' }]),
      (db) => db('users').where('id', '>', 1).delete(),
    ),
  },
  {
    name: 'an empty users table',
    code: 'users_none',
    status: 'warning',
    says: /no users yet/,
    advice: /reset user add/,
    ...sql(
      (db) => db('users').delete(),
      (db) => db('users').insert({ email: 'new@example.com', password_hash: null }),
    ),
  },
]);
