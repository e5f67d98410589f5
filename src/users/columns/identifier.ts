/**
 * May this be the name of a table or column? Knex quotes any name, but reads ` as ` and dots in it, and turns NUL
 * into a space; names with such characters are refused before they get there (R72).
 */
export const isIdentifier = (name: string): boolean => /^[A-Za-z_][A-Za-z0-9_$]{0,62}$/.test(name);
