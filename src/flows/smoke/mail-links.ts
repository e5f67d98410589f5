import type { ReadMail } from '../../mail/read-mail.ts';
import { expectStep } from './steps.ts';
import type { Walk } from './walk.ts';

/** The link stands alone on its line, whole. */
export const findLink = (mail: ReadMail | undefined, isLink: (line: string) => boolean): string | undefined =>
  mail?.text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .find(isLink);

/** The link of a mail, in both of its parts, and where people will click. */
export function linkIn(
  { app, pages, isDeployed }: Pick<Walk, 'app' | 'pages' | 'isDeployed'>,
  mail: ReadMail | undefined,
  isLink: (line: string) => boolean,
): string {
  const base = app.config.baseUrl ?? '';
  const found = findLink(mail, isLink);
  expectStep(found !== undefined, 'the text part has no link on a line of its own');
  expectStep(decodeHtml(mail?.html ?? '').includes(found), 'the HTML part does not contain the same link');
  expectStep(found.startsWith(`${base}/`), `the link begins with ${new URL(found).origin}, not with ${base}`);
  expectStep(
    !isDeployed || found.startsWith(`${pages}/`),
    `the link leads to ${new URL(found).origin}, not to ${pages}`,
  );
  return found;
}

/** What our templates escape in a URL. */
const decodeHtml = (html: string): string => html.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&');
