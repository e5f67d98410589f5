import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { goodPassword, makeSetup, succeed, susan } from '../../helpers/run-reset.ts';

/** What people have at hand instead of a bare token. */
const FORMS: readonly (readonly [string, (link: string) => string])[] = [
  ['a link with a slash behind it', (link) => `${link}/`],
  ['a link in angle brackets', (link) => `<${link}>.`],
  ['a link with a query', (link) => `${link}?utm_source=mail/reset`],
  ['a link broken over lines', (link) => link.replace(/.{76}/g, '$&\n')],
  ['a whole mail', (link) => `Dear Susan,\n\nOpen this link:\n\n${link}\n\nMore: https://example.com/help\n`],
];

it('verify and apply take a text of any form with one token in it, from every source', async () => {
  const setup = await makeSetup();
  const link = `https://accounts.example.com/reset_password/${await setup.issue()}`;
  const file = join(setup.folder, 'mail.txt');
  for (const [form, write] of FORMS) {
    const text = write(link);
    await writeFile(file, text);
    const ran = [
      await setup.run(['verify', text]),
      await setup.run(['verify', '-'], { input: text }),
      await setup.run(['verify', '--token-file', file]),
    ];
    expect({ form, codes: ran.map(({ code }) => code) }).toEqual({ form, codes: [0, 0, 0] });
  }
  await succeed(setup.run(['apply', '--token-file', file, '--password-stdin'], { input: goodPassword }));
  await succeed(setup.run(['doctor', '--user', susan.email, '--password-stdin'], { input: goodPassword }));
});

it('a text with two links is refused, and so is a link whose end is missing', async () => {
  const setup = await makeSetup();
  const link = async () => `https://accounts.example.com/reset_password/${await setup.issue()}`;
  const two = `${await link()}\n${await link()}`;
  for (const command of [
    ['verify', '-'],
    ['apply', '-', '--generate'],
  ]) {
    const several = await setup.run(command, { input: two });
    expect(several).toMatchObject({ code: 2, stdout: '' });
    expect(several.stderr).toContain('holds 2 different links');
    const cut = await setup.run(command, { input: two.slice(0, -3).split('\n')[1] ?? '' });
    expect(cut).toMatchObject({ code: 5, stdout: '' });
    expect(cut.stderr).toContain('The end of this link is missing');
  }
});
