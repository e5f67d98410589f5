import { assert, property, stringMatching } from 'fast-check';
import { expect, it } from 'vitest';
import { COMMON, looksCommon } from '../../src/passwords/common-hashes.ts';
import { identifyFormat } from '../../src/passwords/find-format.ts';
import { formats } from '../../src/passwords/formats/index.ts';

it.each(COMMON.map((shape) => [shape]))('whatever looks like %s is read by a format', (shape) => {
  assert(property(stringMatching(shape), (encoded) => identifyFormat(encoded) !== undefined));
});

it('what bcrypt and Argon2id write is common, and nothing of the other formats is taken for it', () => {
  const common = formats.filter(({ examples }) => examples.some(({ encoded }) => looksCommon(encoded)));
  expect(common.map(({ name }) => name).sort()).toEqual(['argon2', 'bcrypt', 'symfony-bcrypt']);
});
