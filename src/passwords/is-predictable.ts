/** Neighbours on a keyboard (QWERTY, QWERTZ, AZERTY, and down the columns) and in the alphabet. */
const WALKS = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
  'azertyuiopqsdfghjklmwxcvbn',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
].flatMap((walk) => [walk, Array.from(walk).reverse().join('')]);

/** Shorter runs occur in words. */
const SHORTEST_RUN = 3;
/** A password of repetitions of fewer characters is as good as one of them. */
const LONGEST_UNIT = 4;
/** More digits and signs than this around a common word are a password by themselves. */
const MOST_AROUND = 12;

/**
 * Is this password what an attacker's rules make of nearly nothing: a repetition, a run along alphabet or keyboard, or
 * a common word with digits and signs around it? `text` is folded (`foldCase`); `isCommon` says what is in the lists.
 */
export function isPredictable(text: string, isCommon: (word: string) => boolean): boolean {
  return isRepetition(text, isCommon) || isMadeOfRuns(text) || isWordWithDigits(text, isCommon);
}

/** `aaaaaaaa`, `abcabcabc`, and a common word twice. */
function isRepetition(text: string, isCommon: (word: string) => boolean): boolean {
  const unit = text.slice(0, (text + text).indexOf(text, 1));
  const shortest = Array.from({ length: LONGEST_UNIT }, (_, index) => text.slice(0, index + 1)).find(
    (each) => each.length * 2 <= text.length && each.repeat(text.length).startsWith(text),
  );
  return shortest !== undefined || (unit.length < text.length && isCommon(unit));
}

/** At least three quarters are runs: `abcdefghijklmnop`, `qwertyuiop12345`, `aaaabbbbcccc`. */
function isMadeOfRuns(text: string): boolean {
  let covered = 0;
  for (let at = 0; at < text.length;) {
    const length = runAt(text, at);
    if (length >= SHORTEST_RUN) covered += length;
    at += length;
  }
  return text.length > 0 && covered * 4 >= text.length * 3;
}

/** How many characters from here on are one run. */
function runAt(text: string, at: number): number {
  let length = 1;
  while (at + length < text.length && isRun(text.slice(at, at + length + 1))) length += 1;
  return length;
}

const isRun = (text: string): boolean =>
  text === text.charAt(0).repeat(text.length) || WALKS.some((walk) => walk.includes(text));

const LEET: Readonly<Record<string, string>> = {
  '@': 'a',
  '4': 'a',
  '3': 'e',
  '1': 'i',
  '!': 'i',
  '0': 'o',
  $: 's',
  '5': 's',
  '7': 't',
};

/** `password123456789`, `!!Welcome2026`, `p@ssw0rd12345678`. */
function isWordWithDigits(text: string, isCommon: (word: string) => boolean): boolean {
  const word = text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  if (word.length < SHORTEST_RUN || text.length - word.length > MOST_AROUND) return false;
  const plain = word.replace(/[@431!0$57]/g, (sign) => LEET[sign] ?? sign);
  return word !== text || plain !== word ? isCommon(word) || isCommon(plain) : false;
}
