import {
  ancestorsOf,
  attributeOf,
  descendantsOf,
  textIn,
  type Element,
  type HtmlPage,
} from '../../values/html.ts';

const CONTROLS = new Set(['input', 'select', 'textarea', 'button']);
/** What is sent only when it is the one that was pressed. */
const BUTTONS = /^(submit|button|image|reset)$/;

/**
 * The fields of a form as a browser sends them when a person presses Enter (HTML Living Standard, 4.10.21.4): every
 * password is the new one, everything else is as the page has it.
 */
export function fieldsOf(page: HtmlPage, form: Element, password: string): URLSearchParams {
  const pressed = defaultButtonOf(page, form);
  const fields = new URLSearchParams();
  for (const control of page.elements) {
    const name = attributeOf(control, 'name');
    if (name === undefined || name === '' || !CONTROLS.has(control.tagName)) continue;
    if (page.formOf(control) !== form || isDisabled(control)) continue;
    for (const value of valuesOf(control, control === pressed, password)) {
      fields.append(withCrLf(name), withCrLf(value));
    }
  }
  return fields;
}

/** The button that Enter presses: the first one that sends the form. */
export const defaultButtonOf = (page: HtmlPage, form: Element): Element | undefined =>
  page.elements.find(
    (element) =>
      (element.tagName === 'button' || element.tagName === 'input') &&
      /^(submit|image)$/.test(typeOf(element)) &&
      page.formOf(element) === form &&
      !isDisabled(element),
  );

/** Switched off by itself, or by a field set around it; a field set's first legend stays on. */
export function isDisabled(control: Element): boolean {
  if (attributeOf(control, 'disabled') !== undefined) return true;
  let inside = control;
  for (const around of ancestorsOf(control)) {
    if (around.tagName === 'datalist') return true;
    if (around.tagName === 'fieldset' && attributeOf(around, 'disabled') !== undefined) {
      const legend = around.childNodes.find((child) => child.nodeName === 'legend');
      if (inside !== legend) return true;
    }
    inside = around;
  }
  return false;
}

function valuesOf(control: Element, isPressed: boolean, password: string): string[] {
  if (control.tagName === 'select') return chosenIn(control);
  if (control.tagName === 'textarea') return [textIn(control)];
  const type = typeOf(control);
  if (BUTTONS.test(type)) return isPressed && type === 'submit' ? [valueOf(control)] : [];
  switch (type) {
    case 'checkbox':
    case 'radio':
      return attributeOf(control, 'checked') === undefined ? [] : [valueOf(control, 'on')];
    case 'password':
      return [password];
    case 'file':
      return [''];
    default:
      return [isCharset(control, type) ? 'UTF-8' : valueOf(control)];
  }
}

const valueOf = (control: Element, otherwise = ''): string => attributeOf(control, 'value') ?? otherwise;

/** A hidden field of this name tells the server the encoding. */
const isCharset = (control: Element, type: string): boolean =>
  type === 'hidden' && attributeOf(control, 'name')?.toLowerCase() === '_charset_';

function typeOf(control: Element): string {
  const type = attributeOf(control, 'type')?.toLowerCase();
  if (control.tagName !== 'button') return type ?? 'text';
  return type === 'button' || type === 'reset' ? type : 'submit';
}

/** What a select has chosen; where nothing is and only one may be, its first option. */
function chosenIn(select: Element): string[] {
  const options = descendantsOf(select).filter(({ tagName }) => tagName === 'option');
  const isOn = (option: Element) =>
    attributeOf(option, 'disabled') === undefined &&
    ![...ancestorsOf(option)].some(
      (around) => around.tagName === 'optgroup' && attributeOf(around, 'disabled') !== undefined,
    );
  const selected = options.filter((option) => attributeOf(option, 'selected') !== undefined);
  const value = (option: Element) =>
    attributeOf(option, 'value') ?? textIn(option).replace(/\s+/g, ' ').trim();
  if (attributeOf(select, 'multiple') !== undefined) return selected.filter(isOn).map(value);
  // One may be chosen: the last that says so, even if it is switched off, in which case nothing is sent.
  const chosen = selected.at(-1) ?? (rowsOf(select) === 1 ? options.find(isOn) : undefined);
  return chosen && isOn(chosen) ? [value(chosen)] : [];
}

/** A select that shows several rows starts with nothing chosen. */
function rowsOf(select: Element): number {
  const size = Number(attributeOf(select, 'size'));
  return Number.isInteger(size) && size > 0 ? size : 1;
}

const withCrLf = (text: string): string => text.replace(/\r\n|\r|\n/g, '\r\n');
