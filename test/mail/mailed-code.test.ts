import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { composeReset } from '../../src/mail/compose.ts';
import { createRenderer } from '../../src/render/render-template.ts';
import { sampleLink, sampleReset } from '../helpers/mail-input.ts';
import { removeFolder } from '../helpers/temporary-folder.ts';

const renderer = createRenderer();
const code = { code: '7KQM-2X9T', url: 'https://accounts.example.com/reset_password_code' };
const bare = (text: string): string => text.replace(/[\u2066-\u2069\u200e\u200f]/g, '');

it.each(renderer.catalogue.available)(
  'a code stands alone on its line in %s, behind the address of its page, and so does the link',
  (locale) => {
    const { text, html } = composeReset(renderer, { ...sampleReset, locale, code });
    const lines = bare(text).split('\n');
    expect(lines).toContain(code.code);
    expect(lines).toContain(sampleLink);
    expect(bare(text).indexOf(code.url)).toBeLessThan(text.indexOf(code.code));
    expect(html).toContain(`<strong>${code.code}</strong>`);
    expect(bare(html)).toContain(code.url);
    const without = composeReset(renderer, { ...sampleReset, locale });
    expect(without.text + without.html).not.toContain('reset_password_code');
  },
);

it.each(['text', 'html'])(
  'a template of the operator’s that leaves the code out of %s is refused',
  async (part) => {
    const overrides = await mkdtemp(join(tmpdir(), 'templates-'));
    onTestFinished(() => removeFolder(overrides));
    await mkdir(join(overrides, 'mail/reset'), { recursive: true });
    await writeFile(join(overrides, `mail/reset/${part}.ejs`), '<%= link %> for <%= duration %>\n');
    const own = createRenderer({ overrides });
    expect(() => composeReset(own, { ...sampleReset, code })).toThrow(
      `The template mail/reset/${part} leaves out the code. Print \`code\`, or turn off mail.code.`,
    );
    expect(composeReset(own, sampleReset).text).toContain(sampleLink);
  },
);
