/**
 * May this be the name of a table or column? Knex quotes any name, but reads ` as `, dots and question marks in it, and
 * turns NUL into a space; names with such characters are refused before they get there (R72).
 */
export const isIdentifier = (name: string): boolean =>
  (isPlain(name) || isOfLetters(name)) && !/ as /i.test(name);

/** Most names are; and to know the letters of the world takes a millisecond. */
const isPlain = (name: string): boolean => /^\w[\w$]{0,63}$/.test(name);

const isOfLetters = (name: string): boolean =>
  /^[\p{L}\p{N}_](?:[\p{L}\p{M}\p{N}_$ -]{0,62}[\p{L}\p{M}\p{N}_$-])?$/u.test(name);

/** For a sentence about a name that may not be one. */
export const IDENTIFIERS = 'letters, digits, blanks, _, $ and -, at most 64 characters, without " as " in it';
