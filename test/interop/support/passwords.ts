/** What the user has before the first reset. */
export const firstPassword = 'the words before: 2 blue Ducks';

/** 80 bytes: more than bcrypt can keep. */
export const longPassword =
  'twenty letters, and sixty others that nobody would ever want to type by hand ...';

/**
 * What people type, and where applications differ: the second has a letter in two code points (u and a combining
 * diaeresis) and letters of full width, which NFC and NFKC change; the third loses its spaces and gains backslashes in
 * WordPress.
 */
export const passwords = [
  { kind: 'plain words', password: 'seven green apples on a roof' },
  { kind: 'umlauts and CJK', password: 'Grüße, Ku\u0308he \uff21\uff22 東京 서울 大阪' },
  { kind: 'quotes, backslashes and outer spaces', password: '  it\'s a "quoted" back\\slash \\\' ' },
  { kind: '80 bytes', password: longPassword },
] as const;
