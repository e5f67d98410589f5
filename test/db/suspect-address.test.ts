import { expect, it } from 'vitest';
import { suspectAddress } from '../../src/db/suspect-address.ts';
import { isEmail } from '../../src/values/email.ts';
import { eachDatabase } from '../helpers/databases.ts';

const GOOD = ['susan@example.com', 'Susan.Smith+tag_1-x@mail.example.co.uk', 'a@b'];
const LONG = 'x'.repeat(70);
const BAD = [
  ...['', 'susan', '@example.com', 'susan@', 'a@b@c', '.a@b.c', 'a.@b.c', 'a..b@c.d', '-a@b.c'],
  ...['a@.b', 'a@b.', 'a@b..c', 'a@-b.c', 'a@b-.c', 'a@b.-c', 'a@1.2.3.999', `${LONG}@b.c`, `a@${LONG}.c`],
  ...[
    'a b@c.d',
    'a@b.c ',
    'a@b.c\r',
    'a@b.c\t',
    'a@b.c\n',
    '\u200ba@b.c',
    'a@b.c\u00a0',
    'a@b.c,d@e.f',
    '<a@b.c>',
  ],
  ...['a@b\u00adc.d', 'a@b.c;', '"a"@b.c', 'a@xn--99999999999.c'],
].filter((text) => !isEmail(text));

eachDatabase('the addresses that are looked at one by one', (open) => {
  it('are all that no mail can be written to, and few others', async () => {
    const { db } = await open();
    await db.schema.createTable('people', (table) => void table.string('email', 254));
    await db('people').insert([...GOOD, ...BAD].map((email) => ({ email })));
    const found = (await db('people').where(suspectAddress(db, 'email')).pluck('email')) as string[];
    expect([...found].sort()).toEqual([...BAD].sort());
  });
});
