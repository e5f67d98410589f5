import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ColumnHints } from '../../src/batches/lines/column-names.ts';
import { readLines, type Line } from '../../src/batches/read-lines.ts';
import { removeFolder } from '../helpers/temporary-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reset-lines-'));
});
afterEach(() => removeFolder(folder));

async function read(content: string | Buffer, hints: ColumnHints = {}): Promise<Line[]> {
  const path = join(folder, 'people');
  await writeFile(path, content);
  const lines: Line[] = [];
  for await (const line of readLines({ path, name: 'people.csv' }, hints)) lines.push(line);
  return lines;
}

const SUSAN = 'susan@example.com';
const TOM = 'tom@example.com';
const addresses = (lines: readonly Line[]) => lines.map(({ email }) => email);
const swap = (bytes: Buffer) => Buffer.from(bytes).swap16();
const utf16 = (text: string) => Buffer.from(text, 'utf16le');

describe('a list with one address per line', () => {
  it.each([
    ['with BOM, CRLF, blanks and empty lines', `\uFEFF${SUSAN}\r\n\r\n  ${TOM} \r\n`],
    ['with the line ends of an old Mac', `${SUSAN}\r${TOM}\r`],
    ['with line ends of every kind', `${SUSAN}\r\n\n${TOM}\n`],
    ['with a semicolon behind each', `${SUSAN};\n${TOM};\n`],
    ['with a comma behind each', `${SUSAN},\r\n${TOM},\r\n`],
    ['with several empty cells behind each', `${SUSAN},,,\n${TOM},,,\n`],
    ['with names', `Susan Smith <${SUSAN}>\n"Miller, Tom" <${TOM}>\n`],
    ['with a comma in the name', `Smith, Susan <${SUSAN}>;\nMiller, Tom <${TOM}>;\n`],
    ['as links', `mailto:${SUSAN}\nMAILTO:${TOM}?subject=Hello\n`],
    ['in quotes', `"${SUSAN}"\n"${TOM}"\n`],
    ['with letters that nobody sees', `\u200b${SUSAN}\u00a0\n${TOM}\u200d\t\n`],
    ['with comments', `# for Monday\n#\n${SUSAN}\n# and:\n${TOM}\n`],
    ['under a single heading', `E-Mail\n${SUSAN}\n${TOM}\n`],
    ['under a heading with a semicolon', `email;\n${SUSAN};\n${TOM};\n`],
    ['in UTF-16LE without a mark', utf16(`${SUSAN}\r\n${TOM}\r\n`)],
  ])('%s', async (_title, content) => {
    expect(addresses(await read(content))).toEqual([SUSAN, TOM]);
  });

  it('keeps text that is not an address as it was written, with its line number', async () => {
    const lines = await read(`# people\n\n${SUSAN}\nnot an address\n`);
    expect(lines).toEqual([
      { email: SUSAN, line: 3 },
      { email: 'not an address', line: 4 },
    ]);
  });
});

describe('one delimiter a file', () => {
  it.each([
    ['comma, and a semicolon in a cell', 'department,id\nSales; 1,2\nIT,3\n', ['2', '3']],
    ['comma, and a tab in a cell', 'department,id\nSales\t1,2\n', ['2']],
    ['semicolon, and a comma in a cell', 'department;id\nSales, 1;2\n', ['2']],
    ['tab, and both in cells', 'department\tid\nSales; 1, 9\t2\n', ['2']],
    ['as sep= says', 'sep=;\r\nid;department, team\r\n2;a,1\r\n', ['2']],
    ['as a quoted sep= says', '"sep=\t"\nid\tteam\n2\ta,1\n', ['2']],
    ['bar', 'id|team\n2|a,1\n', ['2']],
  ])('%s', async (_title, content, ids) => {
    expect((await read(content)).map(({ id }) => id)).toEqual(ids);
  });

  it('does not split an address behind an encoded name', async () => {
    expect(addresses(await read(`name,email\nO&#039;Connor,${SUSAN}\n`))).toEqual([SUSAN]);
  });
});

describe('the encoding', () => {
  const text = `Name\tEmail\r\nÄnne , x\t${SUSAN}\r\n수진\t${TOM}\r\n`;
  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${text}`)],
    ['UTF-16LE with a mark', utf16(`\uFEFF${text}`)],
    ['UTF-16BE with a mark', swap(utf16(`\uFEFF${text}`))],
    ['UTF-16LE', utf16(text)],
    ['UTF-16BE', swap(utf16(text))],
  ])('%s', async (_title, content) => {
    expect(addresses(await read(content))).toEqual([SUSAN, TOM]);
  });

  it.each([
    ['a spreadsheet', Buffer.from('PK\u0003\u0004'), 'Export the list as CSV'],
    ['bytes', Buffer.from([1, 0, 0, 0, 2, 0, 0, 0, 0, 0]), 'not a text file'],
  ])('refuses %s by name', async (_title, content, words) => {
    await expect(read(content)).rejects.toMatchObject({
      code: 'usage_invalid',
      message: expect.stringContaining(words),
    });
  });
});

describe('the column of addresses', () => {
  it.each([
    ...[
      'email',
      'EMAIL',
      'E-Mail',
      'e-mail',
      'mail',
      'Mail',
      'user_email',
      'userEmail',
      'Email address',
      'EmailAddress',
    ],
    ...[
      'Email Address [Required]',
      'userPrincipalName',
      'UserPrincipalName',
      'User name [userPrincipalName] Required',
    ],
    ...[
      'E-Mail-Adresse',
      'Adresse e-mail',
      'Correo electrónico',
      '이메일',
      'メールアドレス',
      'E-Mail (dienstlich)',
      '"E-mail:"',
    ],
    ...['Primary Email', 'PrimarySmtpAddress', ' Email\u00a0', 'work_email'],
  ])('is called %s', async (name) => {
    expect(await read(`Name,${name}\nSusan,${SUSAN}\n`)).toEqual([{ email: SUSAN, id: undefined, line: 2 }]);
    expect(await read(`${name}\r\n${SUSAN}\r\n`)).toEqual([{ email: SUSAN, id: undefined, line: 2 }]);
  });

  it.each(['id', 'ID', 'user_id', 'User ID', 'userid', 'uid'])(
    'may be missing where there is %s',
    async (name) => {
      expect(await read(`Name;${name}\nSusan;7\n`)).toEqual([{ id: '7', email: undefined, line: 2 }]);
    },
  );

  it('is read beside the id, and the exact names come first', async () => {
    const lines = await read(
      'Name,ID,E-Mail,EMAIL\n"Doe, Jane",7,x,"jane@example.com"\nJoe,,y,joe@example.com\n',
    );
    expect(lines).toEqual([
      { id: '7', email: 'jane@example.com', line: 2 },
      { id: undefined, email: 'joe@example.com', line: 3 },
    ]);
  });

  it("is the table's own where the file is an export of it", async () => {
    const own = { id: 'member_no', email: 'kontakt' };
    expect(await read(`member_no,kontakt\n7,${SUSAN}\n`, { own })).toEqual([
      { id: '7', email: SUSAN, line: 2 },
    ]);
  });

  it('is the named one, and no other', async () => {
    const text = `id;email;Private address\n1;${TOM};${SUSAN}\n`;
    expect(await read(text, { column: 'private address' })).toEqual([
      { id: undefined, email: SUSAN, line: 2 },
    ]);
    expect(await read(text, { column: 'id=id' })).toEqual([{ id: '1', email: undefined, line: 2 }]);
    await expect(read(text, { column: 'Privat address' })).rejects.toMatchObject({
      code: 'usage_invalid',
      message: expect.stringMatching(
        /did you mean Private address\?.*"id", "email", "Private address"/,
      ) as string,
    });
  });

  it('is asked for where two could be meant', async () => {
    const text = `mail;userPrincipalName\n${SUSAN};${TOM}\n`;
    await expect(read(text)).rejects.toMatchObject({
      code: 'usage_invalid',
      message: expect.stringMatching(/"mail", "userPrincipalName".*--column NAME/) as string,
    });
    expect(addresses(await read(text, { column: 'mail' }))).toEqual([SUSAN]);
  });

  it.each([
    [
      "PowerShell's type",
      '#TYPE Selected.Microsoft.ActiveDirectory\r\n"Name","mail"\r\n"Susan","susan@example.com"\r\n',
    ],
    [
      "Entra's version",
      'version:v1.0,,\r\nName [displayName] Required,User name [userPrincipalName] Required,x\r\nSusan,susan@example.com,\r\n',
    ],
    [
      'an empty line and a comment',
      '\r\n# exported today, by Tom\r\nName,E-Mail\r\nSusan,susan@example.com\r\n',
    ],
  ])('stands below %s', async (_title, text) => {
    const lines = await read(text);
    expect(addresses(lines)).toEqual([SUSAN]);
    expect(lines[0]?.line).toBe(text.split('\r\n').length - 1);
  });

  it('is not missed below a column that is called #', async () => {
    expect(addresses(await read(`#;Name;E-Mail\n1;Susan;${SUSAN}\n`))).toEqual([SUSAN]);
  });

  it('is missed with the names of those that are there', async () => {
    await expect(read('Jane,Abteilung\nx,y\n')).rejects.toMatchObject({
      code: 'usage_invalid',
      message: expect.stringMatching(/"Jane", "Abteilung".*--column NAME/) as string,
    });
  });
});

it('numbers a line by where it begins, whatever cells span', async () => {
  const lines = await read(`name,email\n"Susan\nSmith",${SUSAN}\n\n"x",${TOM}\n`);
  expect(lines.map(({ line }) => line)).toEqual([2, 5]);
});

it('refuses a file that is not there', async () => {
  const missing = readLines({ path: join(folder, 'nothing'), name: 'nothing.csv' });
  await expect(missing.next()).rejects.toMatchObject({
    code: 'usage_invalid',
    message: expect.stringContaining('nothing.csv') as string,
  });
});

it('refuses a line of a length that no address has instead of filling the memory', async () => {
  await expect(read(`${'x'.repeat(300_000)}\n`)).rejects.toMatchObject({ code: 'usage_invalid' });
});
