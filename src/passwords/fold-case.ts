/**
 * The form in which passwords and refused words are compared: case and width do not count, spaces at the ends of a
 * word do not either. Only for text within `MAX_RAW_BYTES`, because NFKC is quadratic (R41).
 */
export const foldCase = (text: string): string => text.normalize('NFKC').toLowerCase().trim();
