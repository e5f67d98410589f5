/** What most applications write: bcrypt and Argon2id with the parameters that everybody can read. */
export const COMMON: readonly RegExp[] = [
  /^\$2[aby]\$(?:0[4-9]|1\d)\$[./A-Za-z0-9]{53}$/,
  /^\$argon2id\$v=19\$m=\d{3,7},t=\d{1,2},p=\d{1,2}\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/,
];

/** A hash that some format reads for certain: nobody has to load them all to know it. */
export const looksCommon = (encoded: string): boolean => COMMON.some((shape) => shape.test(encoded));
