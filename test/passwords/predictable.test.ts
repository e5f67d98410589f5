import { describe, expect, it } from 'vitest';
import { checkPassword } from '../../src/passwords/policy.ts';

const codesOf = async (password: string): Promise<string[]> =>
  (await checkPassword(password, {}, { minLength: 8 })).violations.map(({ code }) => code);

describe('a password that attackers make by rule', () => {
  it.each([
    'aaaaaaaaaaaaaaaa',
    'abababababababab',
    '1231231231231231',
    'passwordpassword',
    'dragondragondragon',
    'abcdefghijklmnop',
    'ponmlkjihgfedcba',
    '1234567890123456',
    '9876543210987654',
    'qwertyuiopasdfgh',
    'QwertyuiopAsdfgh1!',
    'asdfghjklzxcvbnm',
    '1qaz2wsx3edc4rfv',
    'azertyuiopqsdfgh',
    'aaaabbbbccccdddd',
    'abcdef1234567890',
    'password123456789',
    'Password!2026!!!',
    '2026welcome2026',
    'p@ssw0rd12345678',
    'iloveyou00000000',
  ])('%s is refused once, as too common', async (password) => {
    expect(await codesOf(password)).toEqual(['too_common']);
  });

  it.each([
    'seven green apples on a roof',
    'correct horse battery staple',
    'xkT2-qPwz-81mB-nLrv',
    'Zwölf Boxkämpfer jagen',
    'my dog eats 1234 socks',
    'nobody guesses qwerty in here',
    '漢字かな交じり文の合言葉',
    'h7GkPq2vZx9Lm4Rt',
  ])('%s is fine', async (password) => {
    expect(await codesOf(password)).toEqual([]);
  });
});
