import { ResetError } from '../errors.ts';

/** The accent colour in the roles in which it is readable: contrast of at least 4.5 : 1 (WCAG 2.2, 1.4.3). */
export interface Palette {
  /** background of the button */
  readonly accent: string;
  /** text on the button: white or black */
  readonly onAccent: string;
  /** links on the light page */
  readonly onLight: string;
  /** links on the dark page */
  readonly onDark: string;
  /** the button's edge on the light card: the accent itself, or darker where it would not stand out */
  readonly edgeOnLight: string;
  /** the button's edge on the dark card */
  readonly edgeOnDark: string;
}

type Rgb = readonly [number, number, number];

/** A deep blue that people take for a button; 5.9 : 1 against white. */
const defaultAccent = '#1f5fbf';
const readable = 4.5;
/** What a shape needs to be seen (WCAG 2.2, 1.4.11): a black button by night, or a pale one by day, has none. */
const visible = 3;
const white: Rgb = [255, 255, 255];
const black: Rgb = [0, 0, 0];
/** Of the grounds on which `style.css` and the mails put a link, those nearest to it: the quote by day and by night. */
const lightQuote: Rgb = [241, 243, 246];
const darkQuote: Rgb = [41, 45, 52];
const lightCard: Rgb = white;
const darkCard: Rgb = [28, 31, 36];

const toHex = (rgb: Rgb): string => `#${rgb.map((part) => part.toString(16).padStart(2, '0')).join('')}`;

function parse(text: string): Rgb {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text);
  if (match === null) {
    throw new ResetError(
      'config_invalid',
      `${JSON.stringify(text.slice(0, 20))} is not a colour. Write it as #1f5fbf.`,
    );
  }
  const [, red = '0', green = '0', blue = '0'] = match;
  return [parseInt(red, 16), parseInt(green, 16), parseInt(blue, 16)];
}

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: Rgb, other: Rgb): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** Moves a colour towards black or white until it can be read on the background. */
function shade(rgb: Rgb, background: Rgb, towards: Rgb, least = readable): Rgb {
  for (let share = 0; share < 1; share += 0.05) {
    // Rounded as it will be written: a contrast of 4.4996 is one too little.
    const mixed = rgb.map((part, index) =>
      Math.round(part + ((towards[index] ?? 0) - part) * share),
    ) as unknown as Rgb;
    if (contrast(mixed, background) >= least) return mixed;
  }
  return towards;
}

const known = new Map<string, Palette>();

/** `#rrggbb` → the colours of buttons and links, kept for the next mail. Throws `config_invalid` for anything else. */
export function makePalette(accent: string = defaultAccent): Palette {
  const made = known.get(accent);
  if (made !== undefined) return made;
  const rgb = parse(accent);
  const palette = {
    accent: toHex(rgb),
    onAccent: toHex(contrast(rgb, white) >= readable ? white : black),
    onLight: toHex(shade(rgb, lightQuote, black)),
    onDark: toHex(shade(rgb, darkQuote, white)),
    edgeOnLight: toHex(shade(rgb, lightCard, black, visible)),
    edgeOnDark: toHex(shade(rgb, darkCard, white, visible)),
  };
  known.set(accent, palette);
  return palette;
}
