import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldEmail, isEmail, parseEmail, parseSender, sameEmail } from '../../src/values/email.ts';

/** Each was read by a mail library as another recipient, two recipients, a header or an option. */
const hostile = [
  'victim@x.test\r\nBcc: evil@evil.test',
  'victim@x.test\nRCPT TO:<evil@evil.test>',
  'a@x.test,b@x.test',
  'a@x.test;b@x.test',
  'group:a@x.test,b@x.test;',
  'victim@x@evil.test',
  'victim@x.test evil@evil.test',
  'v@x.test>\r\nRCPT TO:<evil@evil.test',
  '"xclow3n@gmail.com x"@internal.domain',
  'Susan <susan@example.com>',
  '<susan@example.com>',
  'susan(comment)@example.com',
  'susan@example.com (comment)',
  'susan\\@example.com@evil.test',
  '-oQ/tmp@x.test',
  'susan@-x.test',
  'susan@x-.test',
  'susan@[127.0.0.1]',
  'susan@x.test\0',
  'susan\u0000@x.test',
  'su\u202Esan@x.test',
  'su\u00ADsan@x.test',
  'susan@ex\u00ADample.test',
  'susan\uFF20evil.test@x.test',
  'susan@x\uFF0Etest',
  ' susan@example.com',
  'susan@example.com ',
  'su san@example.com',
  '.susan@example.com',
  'susan.@example.com',
  'su..san@example.com',
  'susan@example..com',
  'susan@.example.com',
  'susan@example.com.',
  'susan@',
  '@example.com',
  'susan',
  '',
  `${'a'.repeat(65)}@example.com`,
  `${'ü'.repeat(33)}@example.com`,
  `susan@${'a.'.repeat(130)}com`,
  `susan@${'a'.repeat(64)}.com`,
];

describe('R65: an address', () => {
  it.each(hostile.map((text) => [JSON.stringify(text).slice(0, 50), text]))(
    'is refused: %s',
    (_title, text) => {
      expect(isEmail(text)).toBe(false);
      expect(() => parseEmail(text)).toThrow(expect.objectContaining({ code: 'usage_invalid' }));
    },
  );

  it.each([
    'susan@example.com',
    'first.last+tag@sub.example.co.uk',
    "o'brien@example.com",
    'x_y-z!#$%&*/=?^`{|}~@example.com',
    'root@localhost',
    'susan@xn--bcher-kva.test',
    'susan@bücher.test',
    'jörg@example.com',
    '用户@例子.测试',
    `${'a'.repeat(64)}@example.com`,
  ])('is taken as it is: %s', (text) => {
    expect(parseEmail(text)).toBe(text);
  });

  it('never has two of "@", a control character or a separator once it is taken', () => {
    const anything = fc.oneof(
      fc.emailAddress(),
      fc.stringMatching(/^[\w<>,;:"\r\n .-]{1,9}@[\w<>,;:"\r\n .-]{1,9}$/),
    );
    fc.assert(
      fc.property(anything, (text) => {
        fc.pre(isEmail(text));
        expect(text).toMatch(/^[^\p{C}\p{Z}@,;:<>()"\\[\]]+@[^\p{C}\p{Z}@,;:<>()"\\[\]]+$/u);
      }),
    );
  });

  it('is not repeated raw in the refusal', () => {
    expect(() => parseEmail('a\u001b[2J@x')).toThrow(/"a\\u001b\[2J@x"/);
  });
});

describe('R67: two spellings', () => {
  it.each([
    ['Susan@Example.COM', 'susan@example.com'],
    ['susan@bücher.test', 'susan@xn--bcher-kva.test'],
    ['susan@BÜCHER.test', 'susan@bücher.test'],
  ])('are one mailbox: %s and %s', (one, other) => {
    expect(sameEmail(one, other)).toBe(true);
  });

  it.each([
    ['mıke@example.org', 'mike@example.org'],
    ['mi\u212Ae@example.org', 'mike@example.org'],
    ['jörg@example.org', 'jorg@example.org'],
    ['JÖRG@example.org', 'jörg@example.org'],
    ['susan@bücher.test', 'susan@bucher.test'],
    ['susan@exámple.test', 'susan@example.test'],
    ['su.san@gmail.com', 'susan@gmail.com'],
    ['susan+x@gmail.com', 'susan@gmail.com'],
  ])('are two mailboxes: %s and %s', (one, other) => {
    expect(sameEmail(one, other)).toBe(false);
  });

  it('fold to the same form again', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (email) => {
        expect(foldEmail(foldEmail(email))).toBe(foldEmail(email));
      }),
    );
  });
});

describe('R66: the sender', () => {
  it.each([
    ['no-reply@example.com', { address: 'no-reply@example.com' }],
    ['Example Shop <no-reply@example.com>', { name: 'Example Shop', address: 'no-reply@example.com' }],
    ['"Shop, Example" <no-reply@example.com>', { name: 'Shop, Example', address: 'no-reply@example.com' }],
    ['<no-reply@example.com>', { address: 'no-reply@example.com' }],
  ])('is read from %s', (text, sender) => {
    expect(parseSender(text)).toEqual(sender);
  });

  const withoutAddress = ['', 'Example', 'A <a@b'];
  const withMore = ['A\r\nBcc: x <a@b.test>', 'A <a@b.test>, B <b@b.test>', '"A" "B" <a@b.test>'];
  it.each([...withoutAddress, ...withMore])('is refused: %j', (text) => {
    expect(() => parseSender(text)).toThrow(expect.objectContaining({ code: 'config_invalid' }));
  });
});
