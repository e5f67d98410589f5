import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listMails, readMail } from '../../mail/mail-folder.ts';
import type { Renderer } from '../../render/render-template.ts';
import { renderStylesheet } from '../../render/pages.ts';
import { renderHtmlPart, renderMail, renderMailList } from './mailbox-pages.ts';

export interface MailboxServer {
  readonly url: string;
  close(): Promise<void>;
}

interface Answer {
  readonly status?: number;
  readonly type?: string;
  readonly policy?: string;
  readonly body: string;
}

const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";
/** A mail may style itself and show embedded images; it loads nothing, runs nothing and has no origin. */
const MAIL_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data: cid:; form-action 'none'; frame-ancestors 'self'; base-uri 'none'; sandbox allow-popups allow-popups-to-escape-sandbox";

/** The mails of a folder in a browser, on loopback only: for the demo. */
export async function serveMailbox(folder: string, renderer: Renderer): Promise<MailboxServer> {
  const style = `${renderStylesheet(renderer)}\n${renderer.readAsset('mailbox/style.css')}`;
  const server = createServer((request, response) => {
    void answer(request, folder, style)
      .catch((): Answer => ({ status: 500, body: 'The mailbox cannot be read.' }))
      .then(({ status = 200, type = 'text/html', policy = PAGE_POLICY, body }) => {
        response.writeHead(status, {
          'content-type': `${type}; charset=utf-8`,
          'content-security-policy': policy,
          'cache-control': 'no-store',
          'referrer-policy': 'no-referrer',
          'x-content-type-options': 'nosniff',
        });
        response.end(request.method === 'HEAD' ? undefined : body);
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** A name that points at 127.0.0.1 would let any web page read the mails (DNS rebinding). */
const isOurHost = (host = ''): boolean => /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host);

async function answer(
  { method, url = '/', headers }: IncomingMessage,
  folder: string,
  style: string,
): Promise<Answer> {
  if (!isOurHost(headers.host)) return { status: 403, body: 'Forbidden' };
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, body: 'Method not allowed' };
  if (url === '/') return { body: renderMailList(await listMails(folder)) };
  if (url === '/style.css') return { type: 'text/css', body: style };
  const [, id = '', part] = /^\/mail\/([^/]+?)(\/html)?$/.exec(url) ?? [];
  const mail = await readMail(folder, id);
  if (mail === undefined) return { status: 404, body: 'No such mail' };
  return part === undefined
    ? { body: renderMail(mail) }
    : { body: renderHtmlPart(mail), policy: MAIL_POLICY };
}
