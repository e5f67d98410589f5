import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { connect } from '../../../src/db/connect.ts';
import { django } from '../../../src/users/presets/django.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { createExample } from '../../helpers/example-tables.ts';
import { startMailbox } from '../../helpers/mailbox.ts';
import { needs } from '../../helpers/needs.ts';
import { makeFolder, runReset, succeed } from '../../helpers/run-reset.ts';
import { openTerminal } from '../../helpers/terminal.ts';
import { djangoHash, mode, read } from './written-config.ts';

const hasTerminal = needs('script');

eachDatabase('reset init at a terminal', (open) => {
  it.runIf(hasTerminal)('leads from the database of an application to a mail in the mailbox', async () => {
    const [folder, { db, url }, mailbox] = [await makeFolder(), await open(), await startMailbox()];
    await createExample(db, django, { hash: djangoHash });
    writeFileSync(join(folder, '.gitignore'), 'node_modules');
    const terminal = openTerminal(['init'], { cwd: folder });
    await terminal.see(/Database \(sqlite:PATH/);
    terminal.answer(url);
    await terminal.see(/django: Django[^]*table auth_user with/);
    await terminal.see(/Which application is it\?/);
    terminal.answer('');
    await terminal.see(/1 user, read as django/);
    expect(await terminal.see(/for example: .*/)).toMatch(
      /id 1, s\*\*\*@example\.com, S\*\*\*, active, password django-pbkdf2 digest=sha256 iterations=1000000/,
    );
    await terminal.see(/Where should reset's own tables go\?[^]*❯ beside the application's tables/);
    terminal.answer('');
    await terminal.see(/Address that links begin with/);
    terminal.answer('http://accounts.example.com');
    await terminal.see(/must begin with https/);
    terminal.answer('accounts.example.com');
    await terminal.see(/\(https:\/\/accounts\.example\.com\)/);
    terminal.answer('');
    await terminal.see(/Name of the application, as people know it: \(accounts\.example\.com\)/);
    terminal.answer('Accounts');
    await terminal.see(/Mail server/);
    terminal.answer('smtp://127.0.0.1:9');
    await terminal.see(/Sender of the mails/);
    terminal.answer('Accounts <accounts@example.com>');
    await terminal.see(/Nothing listens at /);
    await terminal.see(/Use this mail server anyway\?/);
    terminal.answer('n');
    await terminal.see(/Mail server/);
    terminal.answer(mailbox.url);
    await terminal.see(/Sender of the mails/);
    terminal.answer('Accounts <accounts@example.com>');
    await terminal.see(/none was sent/);
    await terminal.see(/Added \/reset\.key to \.gitignore/);
    await terminal.see(/Ready: django[^]*reset doctor\s+reset send you@example\.com\s+reset serve/);
    expect(await terminal.end()).toBe(0);

    for (const file of ['reset.config.json', 'reset.key']) expect(mode(join(folder, file))).toBe('600');
    expect(readFileSync(join(folder, '.gitignore'), 'utf8')).toMatch(/^node_modules\n\/reset\.key\n/);
    await succeed(runReset(['doctor'], { cwd: folder }));
    await succeed(runReset(['send', 'susan@example.com'], { cwd: folder }));
    expect((await mailbox.waitFor(1))[0]?.envelope.to).toEqual(['susan@example.com']);
    await mailbox.close();
  });
});

const settings = [
  '--base-url',
  'https://example.com',
  '--mail-url',
  'file:m',
  '--mail-from',
  'a@example.com',
];
const down = '\u001b[B';

/** A folder with `app.db`, which holds a table of users that no preset fits. */
async function makeMembers(rows: readonly object[]): Promise<string> {
  const folder = await makeFolder();
  const db = await connect(`sqlite:${join(folder, 'app.db')}`, { mayCreate: true });
  await db.schema.createTable('logs', (table) => {
    table.increments('id');
    table.string('line');
  });
  await db.schema.createTable('members', (table) => {
    table.string('pw');
    table.string('mail');
    table.string('fullname');
    table.boolean('enabled');
    table.integer('member_no').primary();
  });
  await db('members').insert(rows);
  await db.destroy();
  return folder;
}
const members = [
  { member_no: 1, mail: 'susan@example.com', pw: djangoHash, fullname: 'Susan', enabled: true },
  { member_no: 2, mail: 'off@example.com', pw: djangoHash, fullname: 'Otto', enabled: false },
];

describe.runIf(hasTerminal)('reset init for a table that no preset fits', () => {
  it('proposes the database, and the table by what it holds: Enter is enough', async () => {
    const folder = await makeMembers(members);
    const terminal = openTerminal(['init', ...settings], { cwd: folder });
    for (const question of [
      /Database:[^]*sqlite:app\.db/,
      /Which application is it\?[^]*your own table members, django-pbkdf2/,
      /Where should reset's own tables go\?[^]*beside/,
      /Name of the application/,
    ]) {
      await terminal.see(question);
      terminal.answer('');
    }
    await terminal.see(/Ready/);
    expect(await terminal.end()).toBe(0);
    expect(read(folder)['users']).toEqual({
      preset: 'bcrypt',
      table: 'members',
      id: 'member_no',
      email: 'mail',
      password: 'pw',
      hash: 'auto',
      active: { enabled: true },
      name: 'fullname',
    });
    await succeed(runReset(['send', 'susan@example.com'], { cwd: folder }));
    expect(await runReset(['send', 'off@example.com'], { cwd: folder })).toMatchObject({ code: 4 });
  });

  it('proposes each column by what it holds, if it is another table or not quite that', async () => {
    const folder = await makeMembers(members);
    const terminal = openTerminal(['init', ...settings], { cwd: folder });
    for (const [question, steps] of [
      [/Database:[^]*sqlite:app\.db/, 0],
      [/Which application is it\?/, 1],
      [/Table of the users:[^]*members/, 0],
      [/Column of the id:[^]*member_no/, 0],
      [/Column of the e-mail address:[^]*mail \(2 of 2 are addresses\)/, 0],
      [/Column of the password hash:[^]*pw \(2 of 2 are password hashes\)/, 0],
      [/Column that says who may sign in:[^]*enabled/, 0],
      [/Column of the user name:[^]*none/, 0],
      [/Column of the person's name:[^]*fullname/, 0],
      [/Column of the language:[^]*none/, 0],
      [/Where should reset's own tables go/, 0],
      [/Name of the application/, 0],
    ] as const) {
      await terminal.see(question);
      for (let step = 0; step < steps; step += 1) terminal.press(down);
      terminal.answer('');
    }
    await terminal.see(/Ready/);
    expect(await terminal.end()).toBe(0);
    expect(read(folder)['users']).toMatchObject({ table: 'members', active: { enabled: true } });
  });

  it('refuses columns that cannot be, and asks again', async () => {
    const folder = await makeMembers(members);
    const terminal = openTerminal(['init', '--database', 'sqlite:app.db', ...settings], { cwd: folder });
    for (const [question, steps] of [
      [/Which application is it\?/, 1],
      [/Table of the users/, 0],
      [/Column of the id/, 1],
      [/pw is not different for each row[^]*Column of the id/, 0],
      [/Column of the e-mail address/, 1],
      [/holds no e-mail address in the 2 rows[^]*Column of the e-mail address/, 0],
      [/Column of the password hash/, 1],
      [/holds no password hash that reset knows[^]*Column of the password hash/, 0],
    ] as const) {
      await terminal.see(question);
      for (let step = 0; step < steps; step += 1) terminal.press(down);
      terminal.answer('');
    }
    await terminal.see(/Column that says who may sign in/);
    terminal.press('\u0003');
    expect(await terminal.end()).toBe(130);
    expect(readdirSync(folder)).toEqual(['app.db']);
  });

  it('creates no database from a path with a typing error without asking', async () => {
    const folder = await makeFolder();
    const terminal = openTerminal(['init', ...settings], { cwd: folder });
    await terminal.see(/Database \(sqlite:PATH/);
    terminal.answer('sqlite:nope.db');
    await terminal.see(/There is no file \S*nope\.db\. Create a new database there\?/);
    terminal.answer('');
    await terminal.see(/Database \(sqlite:PATH/);
    terminal.press('\u0003');
    expect(await terminal.end()).toBe(130);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('ends with 130 and writes nothing when a person presses Ctrl-C', async () => {
    const folder = await makeFolder();
    const terminal = openTerminal(['init'], { cwd: folder });
    await terminal.see(/Database \(sqlite:PATH/);
    terminal.press('\u0003');
    expect(await terminal.end()).toBe(130);
    expect(readdirSync(folder)).toEqual([]);
  });
});
