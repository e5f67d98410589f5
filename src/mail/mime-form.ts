import { randomBytes } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import { foldLines } from 'nodemailer/lib/mime-funcs';
import type { MailData } from './mail-data.ts';
import type { TransferEncoding } from './mime-lines.ts';

/** What the library wrote for one mail, and so writes for every mail that differs in a few plain values only. */
export interface Form {
  /** of a mail of this form, with this boundary between its parts */
  head(mail: MailData, boundary: string): string;
  /** a new one */
  boundary(): string;
  /** of the text and of the HTML */
  readonly partHeads: readonly string[];
}

/** How the two parts of a mail are encoded. */
export type Encodings = readonly TransferEncoding[];

/** Such values the library writes as they are. */
const PLAIN_VALUE = /^[\w.@<>+/:-]+$/;
const PLAIN_ADDRESS = /^[\w+-]+(?:\.[\w+-]+)*@(?!.*xn--)[a-z0-9-]+(?:\.[a-z0-9-]+)+$/;

/** May the mail be written after a form at all? */
export const hasForm = ({ to, messageId }: MailData): boolean =>
  PLAIN_ADDRESS.test(to.address) && PLAIN_VALUE.test(messageId);

/** Mails of one key have one form. */
export function formKey({ from, replyTo, subject, headers }: MailData, encodings: Encodings): string {
  const said = Object.entries(headers).map(([name, value]) =>
    PLAIN_VALUE.test(value) ? name : [name, value],
  );
  return JSON.stringify([from, replyTo, subject, said, encodings]);
}

type Own = (mail: MailData) => string;
type Field = string | { readonly name: string; readonly own: Own };

/**
 * Reads the form from what the library makes of this mail. Undefined where writing it after the form gives anything
 * else than that.
 */
export function learnForm(mail: MailData, encodings: Encodings): Form | undefined {
  const message = new MailComposer(mail).compile();
  const written = message.buildHeaders();
  const { boundary } = message;
  const random = /[0-9a-f]{16}/.exec(String(boundary))?.[0];
  if (typeof boundary !== 'string' || random === undefined) return undefined;
  if (message.childNodes.some((node, index) => node.getTransferEncoding() !== encodings[index]))
    return undefined;
  const fields = written.split(/\r\n(?![ \t])/).map((field) => readField(field, mail));
  const form: Form = {
    head: (of, between) =>
      fields
        .map((field) =>
          typeof field === 'string'
            ? field.replace(boundary, between)
            : foldLines(`${field.name}: ${field.own(of)}`),
        )
        .join('\r\n'),
    boundary: () => boundary.replace(random, unique()),
    partHeads: message.childNodes.map((node) => node.buildHeaders()),
  };
  return form.head(mail, boundary) === written && form.partHeads.length === 2 ? form : undefined;
}

function readField(field: string, { headers }: MailData): Field {
  const name = field.slice(0, field.indexOf(':'));
  const own = OWN[name];
  if (own) return { name, own };
  const key = Object.keys(headers).find((each) => each.toLowerCase() === name.toLowerCase());
  return key !== undefined && PLAIN_VALUE.test(headers[key] ?? '')
    ? { name, own: (mail) => mail.headers[key] ?? '' }
    : field;
}

const OWN: Readonly<Record<string, Own>> = {
  To: ({ to }) => to.address,
  'Message-ID': ({ messageId }) => messageId,
  Date: ({ date }) => date.toUTCString().replace('GMT', '+0000'),
};

const start = randomBytes(4).toString('hex');
let count = 0;

/** As long as the library's random part, and never twice. */
function unique(): string {
  count += 1;
  return start + count.toString(16).padStart(8, '0');
}
