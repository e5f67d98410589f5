import { describe, expect, it } from 'vitest';
import { composeNotice, composeReset } from '../../src/mail/compose.ts';
import { toMailData } from '../../src/mail/mail-data.ts';
import type { Message } from '../../src/mail/message.ts';
import { composeMime } from '../../src/mail/compose-mime.ts';
import { createRenderer } from '../../src/render/render-template.ts';
import { sampleMessage, sampleNotice, sampleReset } from '../helpers/mail-input.ts';

const renderer = createRenderer();
const write = (mail: Message) => composeMime(toMailData(mail, 0));
const lines = (bytes: Buffer): string[] => bytes.toString('latin1').split(/\r?\n/);

describe('a mail in MIME', () => {
  it.each(renderer.catalogue.available)('is what the library would have written: %s', async (locale) => {
    for (const mail of [
      composeReset(renderer, { ...sampleReset, locale, name: 'Žofie 김', reason: '.\nfirst = second  \n' }),
      composeNotice(renderer, { ...sampleNotice, locale }),
    ]) {
      const { message, bytes } = write(mail);
      expect(lines(bytes)).toEqual(lines(await message.build()));
    }
  });

  it('ends every line with CRLF and has seven bits', () => {
    const { bytes } = write(composeReset(renderer, { ...sampleReset, locale: 'ja' }));
    expect(bytes.toString('latin1')).not.toMatch(/[^\r]\n|\r[^\n]|[^\t\r\n -~]/);
  });

  it('R70: is made of text alone', () => {
    const html = { path: '/etc/hostname' } as unknown as string;
    expect(() => write(sampleMessage({ html }))).toThrow('not text');
  });
});
