import { expect, it } from 'vitest';
import { eachDatabase } from '../../helpers/databases.ts';
import { needs } from '../../helpers/needs.ts';
import { bin, goodPassword, makeSetup, susan, type Setup } from '../../helpers/run-reset.ts';
import { startServe } from '../../helpers/start-reset.ts';
import { openShell } from '../../helpers/terminal.ts';

const WIDTH = 80;
const HEIGHT = 24;
const PEOPLE = 100_000;

/** What a command says at a terminal of 80 columns and 24 lines. */
async function type({ folder }: Setup, args: readonly string[]): Promise<string> {
  const command = `stty cols ${WIDTH} rows ${HEIGHT}; '${process.execPath}' '${bin}' ${args.join(' ')}`;
  const terminal = openShell(command, { cwd: folder, env: { COLUMNS: String(WIDTH) } });
  const code = await terminal.end();
  const screen = terminal.screen().trimEnd();
  expect([code, code === 0 ? '' : screen]).toEqual([0, '']);
  const rows = screen.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / WIDTH)), 0);
  expect([rows < HEIGHT, rows < HEIGHT ? '' : screen]).toEqual([true, '']); // one line is the prompt's
  return screen;
}

/** The form as a browser sends it: what is typed, and what the page has hidden in it. */
async function submit(url: string, page: string, typed: Record<string, string>): Promise<Response> {
  const hidden = [...page.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)];
  const fields = Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value]));
  return fetch(url, {
    method: 'POST',
    body: new URLSearchParams({ ...fields, ...typed }),
    redirect: 'manual',
  });
}

const hasTerminal = needs('script');

eachDatabase(
  'a caller who says "Susan Miller, maybe the work address"',
  (open) => {
    it.runIf(hasTerminal)(
      'is found among 100,000, sent a mail, helped by a code and signs in: four commands, a screen each',
      async () => {
        const setup = await makeSetup({ database: (await open()).url });
        const db = await setup.open();
        await db.raw('alter table users add column first_name varchar(50), add column last_name varchar(50)');
        await db('users').update({
          email: 's.miller@work.example',
          first_name: 'Susan',
          last_name: 'Miller',
        });
        await db.raw(
          `insert into users (email, username, first_name, last_name, password_hash)
           select 'p' || i || '@example.com', 'p' || i, 'Susan', 'Smith', ? from generate_series(1, ${PEOPLE}) i`,
          [susan.encoded],
        );

        const found = await type(setup, ['user', 'find', 'susan', 'miller']);
        const id = /^(\d+) +susan +Susan Miller +s\.miller@work\.example +yes +password +never/m.exec(
          found,
        )?.[1];
        expect(id).toBe('1');

        const sent = await type(setup, ['send', '--id', '1', '--ticket', 'SUP-4711']);
        expect(sent).toContain('Sent to s.miller@work.example.');

        const aloud = await type(setup, ['code', '--id', '1', '--ticket', 'SUP-4711']);
        const code = /^[0-9A-Z]{4}-[0-9A-Z]{4}/m.exec(aloud)?.[0] ?? `no code on:\n${aloud}`;
        expect(code).toMatch(/^.{9}$/);

        const { url, stop } = await startServe(setup);
        const page = `${url}/reset_password_code`;
        const typed = { email: 's.miller@work.example', code };
        const form = await submit(page, await (await fetch(page)).text(), typed);
        expect(form.status).toBe(200);
        const passwords = { password: goodPassword, password2: goodPassword };
        const done = await submit(`${page}/password`, await form.text(), passwords);
        expect([done.status, done.headers.get('location')]).toEqual([303, '/reset_password/done']);
        await stop();

        const status = await type(setup, ['status', '--id', '1']);
        expect(status).toContain('password changed; as bcrypt');
        const signIn = ['doctor', '--user', 's.miller@work.example', '--password-stdin'];
        expect(await setup.run(signIn, { input: `${goodPassword}\n` })).toMatchObject({ code: 0 });
      },
      120_000,
    );
  },
  ['postgres'],
);
