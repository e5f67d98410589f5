import { defaultTreeAdapter, html as spec, parse, serialize } from 'parse5';
import type { FolderMail } from '../../mail/mail-folder.ts';
import { escapeHtml } from '../../values/escape-html.ts';

/** HTML that is safe to send: only `html` makes it. */
class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | Html | readonly Html[];

/** A template whose values are escaped, other templates excepted: mails come from outside. */
function html(fixed: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const write = (part: Part | undefined): string => {
    if (part === undefined) return '';
    if (typeof part === 'string') return escapeHtml(part);
    return part instanceof Html ? part.text : part.map(({ text }) => text).join('');
  };
  return new Html(fixed.map((text, index) => text + write(parts[index])).join(''));
}

const page = (title: string, body: Html): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Reset demo</title>
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <header class="brand"><a href="/">Demo mailbox</a></header>
        <main class="card">${body}</main>
      </body>
    </html> `.text;

const timeOf = ({ date }: FolderMail): string =>
  date === undefined ? '' : `${new Date(date).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** Every mail, the newest first. */
export function renderMailList(mails: readonly FolderMail[]): string {
  if (mails.length === 0) return page('Mailbox', html`<h1>No mail yet</h1>`);
  const rows = mails.map(
    (mail) =>
      html`<li>
        <a href="/mail/${mail.id}"
          ><strong>${mail.subject}</strong><br />
          <bdi>${mail.to}</bdi> · ${timeOf(mail)}</a
        >
      </li> `,
  );
  return page(
    'Mailbox',
    html`<h1>Mailbox</h1>
      <ul class="mails">
        ${rows}
      </ul>
      <p class="muted">Reload to see new mails.</p>`,
  );
}

/** One mail: as a mail program shows it, its text, its headers. The HTML part comes in a frame of its own. */
export function renderMail(mail: FolderMail): string {
  return page(
    mail.subject,
    html`<h1>${mail.subject}</h1>
      <p class="muted">To <bdi>${mail.to}</bdi>, from <bdi>${mail.from}</bdi><br />${timeOf(mail)}</p>
      <iframe
        title="HTML part"
        src="/mail/${mail.id}/html"
        sandbox="allow-popups allow-popups-to-escape-sandbox"
      ></iframe>
      <h2>Text part</h2>
      <pre>${linkify(mail.text)}</pre>
      <h2>Headers</h2>
      <pre>${mail.headers.join('\n')}</pre>`,
  );
}

/** The HTML part for the frame; its links open in a tab of their own, because our pages refuse to be framed. */
export function renderHtmlPart({ html: source }: FolderMail): string {
  const document = parse(source);
  const head = document.childNodes
    .flatMap((node) => ('childNodes' in node ? node.childNodes : []))
    .find((node) => node.nodeName === 'head');
  if (head && 'childNodes' in head)
    head.childNodes.unshift(
      defaultTreeAdapter.createElement('base', spec.NS.HTML, [{ name: 'target', value: '_blank' }]),
    );
  return serialize(document);
}

function linkify(text: string): readonly Html[] {
  return text
    .split(/(https?:\/\/[^\s<>"]+)/)
    .map((part, index) =>
      index % 2 === 1
        ? html`<a href="${part}" target="_blank" rel="noreferrer noopener">${part}</a>`
        : html`${part}`,
    );
}
