/** The spelling alphabet of NATO and the ITU, in the spelling that its readers know. */
const WORDS: Readonly<Record<string, string>> = {
  A: 'Alfa', B: 'Bravo', C: 'Charlie', D: 'Delta', E: 'Echo', F: 'Foxtrot', G: 'Golf', H: 'Hotel', I: 'India',
  J: 'Juliett', K: 'Kilo', L: 'Lima', M: 'Mike', N: 'November', O: 'Oscar', P: 'Papa', Q: 'Quebec', R: 'Romeo',
  S: 'Sierra', T: 'Tango', U: 'Uniform', V: 'Victor', W: 'Whiskey', X: 'X-ray', Y: 'Yankee', Z: 'Zulu',
  0: 'zero', 1: 'one', 2: 'two', 3: 'three', 4: 'four', 5: 'five', 6: 'six', 7: 'seven', 8: 'eight', 9: 'nine',
}; // prettier-ignore

/** `7KQM-2X9T` → `seven Kilo Quebec Mike, two X-ray nine Tango` */
export const spellAloud = (code: string): string =>
  code
    .split('-')
    .map((group) => Array.from(group, (letter) => WORDS[letter] ?? letter).join(' '))
    .join(', ');
