/** One mail as a person's mail program reads it. */
export interface ReadMail {
  readonly messageId: string;
  readonly to: string;
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** milliseconds since the epoch */
  readonly date: number | undefined;
  /** every header line as it came, unfolded */
  readonly headers: readonly string[];
}

/** The source of a mail → its parts. */
export async function parseMail(source: Buffer): Promise<ReadMail> {
  const { simpleParser } = await import('mailparser');
  const parsed = await simpleParser(source, { skipTextToHtml: true, skipImageLinks: true });
  return {
    messageId: parsed.messageId ?? '',
    to: [parsed.to ?? []].flat().map(addressText).join(', '),
    from: parsed.from === undefined ? '' : addressText(parsed.from),
    subject: parsed.subject ?? '',
    text: parsed.text ?? '',
    html: typeof parsed.html === 'string' ? parsed.html : '',
    date: parsed.date?.getTime(),
    headers: parsed.headerLines.map(({ line }) => line.replace(/\r?\n[ \t]+/g, ' ')),
  };
}

const addressText = ({ text }: { readonly text: string }): string => text;
