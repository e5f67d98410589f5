import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Config } from '../../config/config.ts';
import { nearest } from '../../values/nearest.ts';
import { visibleText } from '../../values/html.ts';
import { plural } from '../../values/plural.ts';
import { isResetError, ResetError } from '../../errors.ts';
import { composeAccess, composeNotice, composeReset } from '../../mail/compose.ts';
import { formatDuration, formatInstant } from '../../render/format.ts';
import { createRenderer, type Renderer } from '../../render/render-template.ts';
import type { Clock } from '../../types.ts';
import { inPackage } from '../../values/package-folder.ts';
import { OCCASIONS, PAGE_VIEWS } from '../preview/preview-kinds.ts';
import { hasIssuer } from '../../native/find-issuer.ts';
import { previewPage } from '../preview/preview-page.ts';
import { renderSampleReport } from '../preview/sample-report.ts';
import { sampleAccess, sampleNotice, sampleReset, type SampleWish } from '../preview/sample.ts';
import type { Finding } from './finding.ts';
import { failure, ok, warning } from './finding.ts';

const ownFolder = inPackage('templates');

/**
 * Every mail and page: it renders, holds the link, and promises what the token keeps. In every language where the
 * operator has templates or sentences of their own; else in the one that this set-up falls back to, because ours
 * differ in words alone, and the tests of this package render each.
 */
export async function checkTemplates(config: Config, clock: Clock): Promise<Finding[]> {
  const renderer = createRenderer({ overrides: config.templates });
  const locales = config.templates === undefined ? [config.mail.locale] : renderer.catalogue.available;
  const setup = withPossibleLinks(config);
  const broken = new Map<string, Set<string>>();
  for (const locale of locales) {
    for (const message of await faultsIn(renderer, setup, locale, clock.now())) {
      broken.set(message, (broken.get(message) ?? new Set()).add(locale));
    }
  }
  const remedy =
    config.templates === undefined
      ? 'install the package again'
      : `correct it in ${config.templates}, or delete it to use the built-in one`;
  const failures = [...broken].map(([message, where]) => {
    const languages = where.size === locales.length ? 'every language' : [...where].join(', ');
    return failure('template_broken', `${message} (in ${languages})`, { remedy });
  });
  const fine =
    failures.length === 0 ? [ok('templates_render', `mails and pages render in ${locales.join(', ')}`)] : [];
  return [...checkFolder(config.templates), ...checkLanguages(renderer), ...failures, ...fine];
}

/** A new release may have sentences that the operator's own language file lacks. */
function checkLanguages({ catalogue }: Renderer): Finding[] {
  return catalogue.available.flatMap((locale) => {
    const keys = catalogue.missing(locale);
    if (keys.length === 0) return [];
    const named = keys.slice(0, 5).join(', ') + (keys.length > 5 ? ' …' : '');
    const message = `locales/${locale}.json lacks ${plural(keys.length, 'sentence', 'sentences')}, which ${keys.length === 1 ? 'is' : 'are'} shown in English: ${named}`;
    return [
      warning('language_incomplete', message, {
        remedy: `add ${keys.length === 1 ? 'it' : 'them'} to the file`,
      }),
    ];
  });
}

/** A preset without native links has a finding of its own; its templates are looked at with links of ours. */
function withPossibleLinks(config: Config): Config {
  return hasIssuer(config) ? config : { ...config, link: { ...config.link, native: false } };
}

/** Everything that changes the wording of a mail. */
const CAUSES: readonly Omit<SampleWish, 'now'>[] = [
  ...OCCASIONS.map((occasion) => ({ occasion, requestedBy: 'person' as const })),
  ...OCCASIONS.map((occasion) => ({ occasion, requestedBy: 'operator' as const })),
  { occasion: 'batch', requestedBy: 'operator', isLocked: true },
  { occasion: 'batch', requestedBy: 'operator', reminder: 'again' },
  { occasion: 'batch', requestedBy: 'operator', reminder: 'last', isLocked: true },
];

/** What is wrong with mails and pages in one language, a sentence each. */
async function faultsIn(renderer: Renderer, config: Config, locale: string, now: number): Promise<string[]> {
  const wishes = CAUSES.map((cause) => ({ ...cause, now, locale }));
  const looks: readonly (() => unknown)[] = [
    ...wishes.map((wish) => () => {
      assertPromise(renderer, config, wish);
    }),
    ...wishes.map((wish) => () => composeNotice(renderer, sampleNotice(config, renderer, wish))),
    () => composeAccess(renderer, sampleAccess(config, renderer, { now, locale, requestedBy: 'operator' })),
    ...PAGE_VIEWS.map(
      (view) => () => previewPage({ ...config, mail: { ...config.mail, locale } }, view, renderer),
    ),
    // The report of a batch is for the operator, and speaks English alone.
    ...(locale === 'en' ? [() => renderSampleReport(renderer, config.appName, now)] : []),
  ];
  const faults: string[] = [];
  for (const look of looks) {
    try {
      await look();
    } catch (error) {
      if (!isResetError(error)) throw error;
      faults.push(error.message);
    }
  }
  return faults;
}

function checkFolder(folder: string | undefined): Finding[] {
  if (folder === undefined) return [];
  const own = listFiles(ownFolder);
  return listFiles(folder)
    .filter((file) => !own.includes(file) && !/^locales\/[\w-]+\.json$/.test(file))
    .map((file) => {
      const guess = nearest(file, own);
      const remedy = guess === undefined ? 'remove it' : `rename it to ${guess}`;
      return warning(
        'template_unused',
        `${join(folder, file)} overrides nothing: no template has this name`,
        { remedy },
      );
    });
}

const listFiles = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ejs|json|css|js)$/.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((file) => !file.startsWith('help/'));

/** An odd life, which no template has written into it by chance: an hour and seven minutes. */
const ODD_LIFE_MS = 67 * 60_000;

/** Throws config_invalid when the mail does not render, or promises another life than the token has. */
function assertPromise(
  renderer: Renderer,
  config: Config,
  wish: SampleWish & { readonly locale: string },
): void {
  const { now, locale } = wish;
  const mail = composeReset(renderer, sampleReset(config, renderer, { ...wish, lifeMs: ODD_LIFE_MS }));
  const promises = [
    formatDuration(ODD_LIFE_MS, locale),
    formatInstant(now + ODD_LIFE_MS, locale, config.timeZone),
  ];
  const parts = { text: mail.text, html: visibleText(mail.html) };
  for (const [part, words] of Object.entries(parts)) {
    if (promises.some((promise) => plain(words).includes(plain(promise)))) continue;
    throw new ResetError(
      'config_invalid',
      `The template mail/reset/${part} does not say how long the link lives. Print duration or expiresAt.`,
    );
  }
}

/** Without spaces, line breaks and the marks that isolate left-to-right words. */
const plain = (text: string): string => text.replace(/[\u2066-\u2069\u200e\u200f]/g, '').replace(/\s+/g, '');
