import MailComposer from 'nodemailer/lib/mail-composer';
import { describe, expect, it } from 'vitest';
import { composeNotice, composeReset } from '../../src/mail/compose.ts';
import { toMailData } from '../../src/mail/mail-data.ts';
import type { Message } from '../../src/mail/message.ts';
import { composeMime } from '../../src/mail/compose-mime.ts';
import { createRenderer } from '../../src/render/render-template.ts';
import { sampleMessage, sampleNotice, sampleReset } from '../helpers/mail-input.ts';

const renderer = createRenderer();
const write = (mail: Message) => composeMime(toMailData(mail, 0)).toString('latin1');

/** The same by the library alone, from text whose lines end as on the wire. */
async function writeByLibrary(mail: Message): Promise<string> {
  const data = toMailData(mail, 0);
  const [text, html] = [data.text, data.html].map((part) => part.replace(/\r?\n/g, '\r\n'));
  return (await new MailComposer({ ...data, text, html }).compile().build()).toString('latin1');
}

/** Each mail has a boundary of its own. */
const neutral = (mail: string): string => mail.replaceAll(/(?<=--_NmP-)[0-9a-f]{16}/g, 'random');

describe('a mail in MIME', () => {
  it.each(renderer.catalogue.available)('is what the library would have written: %s', async (locale) => {
    for (const email of ['anna@example.com', 'berta.long-name+tag@mail.example.co.uk']) {
      for (const mail of [
        composeReset(renderer, {
          ...sampleReset,
          email,
          locale,
          name: 'Žofie 김',
          reason: '.\nfirst = second  \n',
        }),
        composeNotice(renderer, { ...sampleNotice, email, locale }),
      ]) {
        const written = write(mail);
        expect(neutral(written)).toBe(neutral(await writeByLibrary(mail)));
        expect(neutral(write(mail))).toBe(neutral(written)); // now from what was learnt of the first
      }
    }
  });

  it.each([
    ['a short address', {}],
    ['a long one', { to: `${'long'.repeat(16)}@${'domain.'.repeat(20)}example` }],
    ['one with signs', { to: "o'brien!#$%@example.com" }],
    ['one in capitals', { to: 'Anna@EXAMPLE.com' }],
    ['one of another script', { to: 'jõgeva@jõgeva.ee' }],
    ['a Message-ID that has to be folded', { messageId: `<${'a'.repeat(80)}@example.com>` }],
    ['a header of its own', { headers: { 'X-PM-Metadata-reset': '12.abcdef', 'X-Two': 'two  words, ä' } }],
    [
      'a sender and a place for answers',
      { from: { name: 'Ä "B"', address: 'a@b.example' }, replyTo: { address: 'c@d.example' } },
    ],
    ['text that needs no encoding', { text: 'One.\nTwo.\n', html: '<p>One\n.Two' }],
    [
      'lines of every length around the limit',
      {
        html: [72, 73, 74, 75, 76, 77, 152]
          .map((length) => `${'word '.repeat(40).slice(0, length - 1)}é`)
          .join('\n'),
      },
    ],
    ['a last line that is long', { text: `${'é'.repeat(200)} ` }],
  ] satisfies [string, Partial<Message>][])(
    'is what the library would have written: %s',
    async (_what, changes) => {
      const mail = sampleMessage(changes);
      for (let time = 0; time < 2; time += 1)
        expect(neutral(write(mail))).toBe(neutral(await writeByLibrary(mail)));
    },
  );

  it('has a boundary of its own', () => {
    const boundaries = [1, 2].map(() => /boundary="([^"]+)"/.exec(write(sampleMessage()))?.[1]);
    expect(boundaries[0]).toMatch(/^--_NmP-/);
    expect(boundaries[0]).not.toBe(boundaries[1]);
  });

  it('ends every line with CRLF and has seven bits', () => {
    for (const text of [undefined, 'one\rtwo\r.\rthree\n.\nfour é\r\n']) {
      const mail = composeReset(renderer, { ...sampleReset, locale: 'ja' });
      expect(write({ ...mail, text: text ?? mail.text })).not.toMatch(/[^\r]\n|\r[^\n]|[^\t\r\n -~]/);
    }
  });

  it('R70: is made of text alone', () => {
    const html = { path: '/etc/hostname' } as unknown as string;
    expect(() => write(sampleMessage({ html }))).toThrow('not text');
  });
});
