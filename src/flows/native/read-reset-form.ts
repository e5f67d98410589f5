import { attributeOf, readHtml, visibleText, type Element, type HtmlPage } from '../../values/html.ts';
import { defaultButtonOf, fieldsOf, isDisabled } from './form-fields.ts';

/** The form of a page that asks for a new password. */
export interface ResetForm {
  /** as the page says it; absent: the page's own address */
  readonly action: string | undefined;
  /** what `action` is relative to, as `<base href>` says it; absent: the page's own address */
  readonly base: string | undefined;
  /** every field as a browser would send it, every password the new one */
  fill(password: string): URLSearchParams;
}

/** What people see first on a page, for a message. */
const MAX_WORDS = 200;

/**
 * The form with the most passwords in it, if there is one: the box to sign in, which stands on every page of some
 * sites, has only one.
 */
export function readResetForm(html: string): ResetForm | undefined {
  const page = readHtml(html);
  const [first] = page.elements
    .filter(({ tagName }) => tagName === 'form')
    .map((form) => ({ form, passwords: countPasswords(page, form) }))
    .filter(({ passwords }) => passwords > 0)
    .sort((one, other) => other.passwords - one.passwords);
  if (first === undefined) return undefined;
  const { form } = first;
  const button = defaultButtonOf(page, form);
  return {
    action: filled(button && attributeOf(button, 'formaction')) ?? filled(attributeOf(form, 'action')),
    base: baseOf(page),
    fill: (password) => fieldsOf(page, form, password),
  };
}

/** The first words of a page, without its markup. */
export function wordsOf(html: string): string {
  const words = visibleText(html);
  return words.length > MAX_WORDS ? `${words.slice(0, MAX_WORDS)}…` : words;
}

const countPasswords = (page: HtmlPage, form: Element): number =>
  page.elements.filter(
    (element) =>
      element.tagName === 'input' &&
      attributeOf(element, 'type')?.toLowerCase() === 'password' &&
      page.formOf(element) === form &&
      !isDisabled(element),
  ).length;

/** The first `<base>` with an address is the one that counts. */
const baseOf = ({ elements }: HtmlPage): string | undefined =>
  elements
    .filter(({ tagName }) => tagName === 'base')
    .map((base) => attributeOf(base, 'href'))
    .find((href) => href !== undefined);

/** An empty address is the page's own, and so is one that is not there. */
function filled(address: string | undefined): string | undefined {
  const trimmed = address?.trim();
  return trimmed === '' ? undefined : trimmed;
}
