import { html as spec, parse, Parser, defaultTreeAdapter, type DefaultTreeAdapterTypes } from 'parse5';

export type Element = DefaultTreeAdapterTypes.Element;
type Node = DefaultTreeAdapterTypes.ChildNode | DefaultTreeAdapterTypes.Document;

/** A page as a browser without JavaScript builds it. */
export interface HtmlPage {
  /** every HTML element in the order of the page; what stands in a `<template>` is not part of the page */
  readonly elements: readonly Element[];
  /** the form that a control belongs to, be it around the control, open before it, or named by `form=` */
  formOf(control: Element): Element | undefined;
}

/** Read a page the way browsers do (HTML Living Standard, 13.2). Takes any text, and never throws. */
export function readHtml(source: string): HtmlPage {
  const openForms = new Map<Element, Element>();
  const parser = new Parser<DefaultTreeAdapterTypes.DefaultTreeAdapterMap>({
    scriptingEnabled: false,
    treeAdapter: {
      ...defaultTreeAdapter,
      createElement(name, namespace, attributes) {
        const element = defaultTreeAdapter.createElement(name, namespace, attributes);
        // The form that is open counts even where the tree shows the control elsewhere, such as in a table's cell.
        if (parser.formElement) openForms.set(element, parser.formElement);
        return element;
      },
    },
  });
  parser.tokenizer.write(source, true);
  const elements = [...walk(parser.document)].filter(isHtmlElement);
  const byId = firstOfEachId(elements);
  return {
    elements,
    formOf(control) {
      const id = attributeOf(control, 'form');
      const form = id === undefined ? openForms.get(control) : byId.get(id);
      return form?.tagName === 'form' ? form : undefined;
    },
  };
}

/** The value of an attribute, its entities read; undefined where the element has no such attribute. */
export const attributeOf = (element: Element, name: string): string | undefined =>
  element.attrs.find((attribute) => attribute.name === name)?.value;

/** The elements around this one, the nearest first. */
export function* ancestorsOf(element: Element): Generator<Element> {
  for (let node = element.parentNode; node && 'tagName' in node; node = node.parentNode) yield node;
}

/** Everything in this element, in the order of the page. */
export function descendantsOf(element: Element): Element[] {
  return [...walk(element)].filter((node) => node !== element).filter(isHtmlElement);
}

/** The text in this element, as it stands in the page. */
export function textIn(element: Element): string {
  return [...walk(element)]
    .map((node) => (node.nodeName === '#text' && 'value' in node ? node.value : ''))
    .join('');
}

const NEVER_SHOWN = new Set(['head', 'script', 'style', 'svg', 'template', 'noscript']);
/** Elements that stand inside a word or a line; all others end one. */
const IN_LINE = new Set([
  'a',
  'abbr',
  'b',
  'bdi',
  'bdo',
  'code',
  'em',
  'i',
  'mark',
  'small',
  'span',
  'strong',
  'u',
]);

/** What a person reads on the page, without its markup: one line, words apart by single spaces. */
export function visibleText(source: string): string {
  const pieces: string[] = [];
  const stack: (Node | string)[] = [parse(source, { scriptingEnabled: false })];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (typeof next === 'string') pieces.push(next);
    else if (next.nodeName === '#text' && 'value' in next) pieces.push(next.value);
    else if (isShown(next)) {
      const edge = IN_LINE.has(next.nodeName) ? '' : ' ';
      stack.push(edge);
      for (const child of [...childrenOf(next)].reverse()) stack.push(child);
      stack.push(edge);
    }
  }
  return pieces.join('').replace(/\s+/g, ' ').trim();
}

const isShown = (node: Node): boolean =>
  'childNodes' in node &&
  !NEVER_SHOWN.has(node.nodeName) &&
  !('attrs' in node && attributeOf(node, 'hidden') !== undefined);

const childrenOf = (node: Node): readonly Node[] => ('childNodes' in node ? node.childNodes : []);

/** Without recursion: a page may be as deep as it is long. */
function* walk(root: Node): Generator<Node> {
  const stack: Node[] = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    yield node;
    for (const child of [...childrenOf(node)].reverse()) stack.push(child);
  }
}

const isHtmlElement = (node: Node): node is Element =>
  'tagName' in node && node.namespaceURI === spec.NS.HTML;

function firstOfEachId(elements: readonly Element[]): Map<string, Element> {
  const byId = new Map<string, Element>();
  for (const element of elements) {
    const id = attributeOf(element, 'id');
    if (id !== undefined && id !== '' && !byId.has(id)) byId.set(id, element);
  }
  return byId;
}
