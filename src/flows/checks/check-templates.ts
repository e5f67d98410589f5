import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join, relative, sep } from 'node:path';
import type { Config } from '../../config/config.ts';
import { nearest } from '../../values/nearest.ts';
import { visibleText } from '../../values/html.ts';
import { isResetError } from '../../errors.ts';
import { composeNotice, composeReset } from '../../mail/compose.ts';
import { formatDuration, formatInstant } from '../../render/format.ts';
import { createRenderer, type Renderer } from '../../render/render-template.ts';
import type { Clock } from '../../types.ts';
import { PAGE_VIEWS } from '../preview/preview-kinds.ts';
import { previewPage } from '../preview/preview-page.ts';
import type { Finding } from './finding.ts';
import { failure, ok, warning } from './finding.ts';
import { linkTo } from '../../tokens/reset-link.ts';

const CHECK = 'templates';
const ownFolder = fileURLToPath(new URL('../../../templates', import.meta.url));

/** Every mail and page in every language: it renders, holds the link, and promises what the token keeps. */
export async function checkTemplates(config: Config, clock: Clock): Promise<Finding[]> {
  const found = checkFolder(config.templates);
  if (found.some(({ status }) => status === 'failure')) return found;
  const broken = new Map<string, string[]>();
  const note = (locale: string, error: unknown) => {
    if (!isResetError(error)) throw error;
    broken.set(error.message, [...(broken.get(error.message) ?? []), locale]);
  };
  const locales = createRenderer({ overrides: config.templates }).catalogue.available;
  const renderer = createRenderer({ overrides: config.templates });
  for (const locale of locales) {
    for (const check of [checkResetMail, checkNoticeMail]) {
      try {
        const message = check(renderer, config, locale, clock.now());
        if (message !== undefined) broken.set(message, [...(broken.get(message) ?? []), locale]);
      } catch (error) {
        note(locale, error);
      }
    }
    for (const view of PAGE_VIEWS) {
      await previewPage({ ...config, mail: { ...config.mail, locale } }, view).catch((error: unknown) => {
        note(locale, error);
      });
    }
  }
  for (const [message, where] of broken) {
    const of = where.length === locales.length ? 'every language' : [...new Set(where)].join(', ');
    const remedy =
      config.templates === undefined
        ? 'install the package again'
        : `correct it in ${config.templates}, or remove it there: ours is used then`;
    found.push(failure(CHECK, `${message} (in ${of})`, { remedy }));
  }
  if (broken.size === 0) found.push(ok(CHECK, `mails and pages render in ${locales.join(', ')}`));
  return found;
}

function checkFolder(folder: string | undefined): Finding[] {
  if (folder === undefined) return [];
  const own = listFiles(ownFolder);
  return listFiles(folder)
    .filter((file) => !own.includes(file) && !/^locales\/[\w-]+\.json$/.test(file))
    .map((file) => {
      const guess = nearest(file, own);
      const remedy = guess === undefined ? 'remove it' : `rename it to ${guess}`;
      return warning(CHECK, `${join(folder, file)} overrides nothing: no template has this name`, { remedy });
    });
}

const listFiles = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ejs|json|css|js)$/.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((file) => !file.startsWith('help/'));

const SAMPLE = {
  email: 'susan@example.com',
  name: 'Susan',
  messageId: '<doctor@localhost>',
  requestedBy: 'operator',
} as const;

const inputOf = ({ appName, baseUrl, mail, timeZone, brand }: Config, locale: string) => ({
  ...SAMPLE,
  appName,
  baseUrl: baseUrl ?? 'https://example.com',
  from: mail.from ?? { address: 'noreply@example.com' },
  locale,
  timeZone,
  supportContact: brand.support,
  accent: brand.color,
});

/** An odd life, which no template has written into it by chance: an hour and seven minutes. */
const ODD_LIFE_MS = 67 * 60_000;

/** A sentence when the mail promises another life than the token has; throws when it does not render. */
function checkResetMail(renderer: Renderer, config: Config, locale: string, now: number): string | undefined {
  const input = inputOf(config, locale);
  const mail = composeReset(renderer, {
    ...input,
    link: linkTo(input.baseUrl, `${'sample.'.repeat(50)}end`),
    issuedAt: now,
    expiresAt: now + ODD_LIFE_MS,
  });
  const promises = [
    formatDuration(ODD_LIFE_MS, locale),
    formatInstant(now + ODD_LIFE_MS, locale, config.timeZone),
  ];
  const silent = (['text', 'html'] as const).find((part) => {
    const said = plain(part === 'html' ? visibleText(mail.html) : mail.text);
    return !promises.some((promise) => said.includes(plain(promise)));
  });
  return (
    silent &&
    `The template mail/reset/${silent} does not say how long the link lives. Print duration or expiresAt.`
  );
}

function checkNoticeMail(renderer: Renderer, config: Config, locale: string, now: number): undefined {
  composeNotice(renderer, { ...inputOf(config, locale), changedAt: now });
}

/** Without spaces, line breaks and the marks that isolate left-to-right words. */
const plain = (text: string): string => text.replace(/[\u2066-\u2069\u200e\u200f]/g, '').replace(/\s+/g, '');
