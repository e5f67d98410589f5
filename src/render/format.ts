import { ResetError } from '../errors.ts';
import { remember } from '../values/remember.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Making an Intl formatter costs about a hundred times its use: one per language and zone is kept. */
function memoize<T>(make: (...key: string[]) => T): (...key: string[]) => T {
  const known = new Map<string, T>();
  return (...key) => {
    const name = key.join('\0');
    const found = known.get(name);
    if (found !== undefined) return found;
    const made = make(...key);
    known.set(name, made);
    return made;
  };
}

const numbers = memoize((locale = 'en') => new Intl.NumberFormat(locale));
const plurals = memoize((locale = 'en') => new Intl.PluralRules(locale));
const units = memoize((locale = 'en', unit = 'minute') => {
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' });
});
const instants = memoize((locale = 'en', timeZone = 'UTC') => {
  try {
    return new Intl.DateTimeFormat(locale, {
      year: 'numeric',
      month: 'long',
      day: 'numeric',
      hour: 'numeric',
      minute: '2-digit',
      timeZoneName: 'short',
      timeZone,
      // With a zone, Intl writes "AM" and "PM" into Korean sentences.
      ...(locale.startsWith('ko') ? { hourCycle: 'h23' } : {}),
    });
  } catch (cause) {
    throw new ResetError(
      'config_invalid',
      `${JSON.stringify(timeZone)} is not a time zone. Set timeZone to a name like Europe/Berlin or UTC.`,
      { cause },
    );
  }
});

/** 1500 as the language writes it. */
export const formatNumber = (locale: string, value: number): string => numbers(locale).format(value);

/** The plural category of a count: `one`, `few`, `other` … */
export const selectPlural = (locale: string, count: number): Intl.LDMLPluralRule =>
  plurals(locale).select(count);

/**
 * A length of time in the one unit that says it best: "90 minutes", "24 hours", "7 days". What does not divide
 * evenly is rounded down, so that a mail never promises more than the token has.
 */
export function formatDuration(ms: number, locale: string): string {
  const choices = [
    ['day', day, 2 * day],
    ['hour', hour, hour],
    ['minute', minute, minute],
  ] as const;
  const even = choices.find(([, unitMs, fromMs]) => ms >= fromMs && ms % unitMs === 0);
  const [unit, unitMs] = even ?? choices.find(([, size]) => ms >= 2 * size) ?? (['second', second] as const);
  const text = units(locale, unit).format(Math.floor(ms / unitMs));
  return languageOf(locale) === 'he' ? text.replace(/^1 (.+)$/, '$1 אחת') : text;
}

const languageOf = (locale: string): string => locale.split('-', 1)[0] ?? locale;

/** The first of a month, which Intl writes like the other days. */
const firstOfMonth: Readonly<Record<string, string>> = { fr: '1er', it: '1º', pt: '1º' };
/** "At" before the hour of one, which Intl writes like the other hours. */
const atOne: Readonly<Record<string, readonly [others: string, one: string]>> = {
  es: ['a las', 'a la'],
  pt: ['às', 'à'],
};

type Parts = readonly Intl.DateTimeFormatPart[];

/** Of a language, what Intl leaves out: French "1er décembre", Spanish "a la 1:05". */
function asPeopleWrite(locale: string, parts: Parts): Parts {
  const language = languageOf(locale);
  return parts.map((part, index) => {
    const { type, value } = part;
    if (type === 'day' && value === '1') return { type, value: firstOfMonth[language] ?? value };
    const next = parts[index + 1];
    const isAtOne = type === 'literal' && next?.type === 'hour' && /^0?1$/.test(next.value);
    const words = isAtOne ? atOne[language] : undefined;
    return words === undefined ? part : { type, value: value.replace(...words) };
  });
}

/** What a line should not end between: "23." and "November", "3:00" and "PM", "PM" and "UTC". */
const belongTogether = new Set([
  'day month',
  'month day',
  'minute dayPeriod',
  'minute timeZoneName',
  'dayPeriod timeZoneName',
  'timeZoneName hour',
]);

/**
 * A moment with its zone: "November 22, 2026 at 3:00 PM UTC". Its day and its time are each kept on one line by
 * no-break spaces, also where Intl has a narrow one: not every mail reader has a glyph for that. Throws
 * `config_invalid` for an unknown zone.
 */
export const formatInstant = (ms: number, locale: string, timeZone: string): string =>
  written([Math.floor(ms / minute), locale, timeZone].join('\0'));

const written = remember((minuteInZone) => {
  const [minutes, locale = 'en', timeZone = 'UTC'] = minuteInZone.split('\0');
  const parts = asPeopleWrite(locale, instants(locale, timeZone).formatToParts(Number(minutes) * minute));
  return parts
    .map(({ type, value }, index) => {
      if (type !== 'literal') return value;
      const around = `${parts[index - 1]?.type ?? ''} ${parts[index + 1]?.type ?? ''}`;
      const spaced = value.replace(/[ \u202f]/g, belongTogether.has(around) ? '\u00a0' : ' ');
      return spaced.replace(' г.', '\u00a0г.'); // of the Russian year
    })
    .join('');
});
