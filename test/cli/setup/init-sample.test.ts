import { createHash, createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { connect } from '../../../src/db/connect.ts';
import { flask } from '../../../src/users/presets/flask.ts';
import { createExample } from '../../helpers/example-tables.ts';
import { makeFolder, runReset, succeed } from '../../helpers/run-reset.ts';
import { read } from './written-config.ts';

const SECRET = 'the SECRET_KEY of this site';

/** `URLSafeTimedSerializer(SECRET_KEY).dumps(email, salt='password-reset')` */
function tokenOf(email: string, secret = SECRET): string {
  const time = Buffer.alloc(4);
  time.writeUInt32BE(Math.floor(Date.now() / 1000) - 30);
  const text = `${Buffer.from(JSON.stringify(email)).toString('base64url')}.${time.toString('base64url')}`;
  const key = createHash('sha1').update(`password-resetsigner${secret}`).digest();
  return `${text}.${createHmac('sha1', key).update(text).digest('base64url')}`;
}

const linkOf = (secret?: string) =>
  `https://blog.example.com/account/reset/${tokenOf('susan@example.com', secret)}`;

const args =
  '--yes --no-input --database sqlite:app.db --preset flask --mail-url file:mailbox --mail-from a@example.com';
const secret = ['--app-secret-file', 'app.key'];

/** A blog with Susan in it, and the form of its links learnt from one of them. */
async function learnt() {
  const folder = await makeFolder();
  const db = await connect(`sqlite:${join(folder, 'app.db')}`, { mayCreate: true });
  await createExample(db, flask, { hash: 'pbkdf2:sha256:1000$abc$def' });
  await db.destroy();
  writeFileSync(join(folder, 'app.key'), `${SECRET}\n`, { mode: 0o600 });
  const ran = await succeed(
    runReset(['init', ...args.split(' '), '--sample-link', linkOf(), ...secret], { cwd: folder }),
  );
  return { folder, ran };
}

it('learns the form, writes it down, and `link --native` makes such links', async () => {
  const { folder, ran } = await learnt();
  expect(ran.stderr).toContain(
    'A link of itsdangerous (email, salt password-reset, sha1) at /account/reset/{token}; the same token was made again for susan@example.com.',
  );
  expect(read(folder)).toMatchObject({
    baseUrl: 'https://blog.example.com',
    link: {
      native: true,
      path: '/account/reset/{token}',
      token: { form: 'itsdangerous', claim: '', of: 'email', salt: 'password-reset' },
    },
  });
  const { rows } = await succeed(runReset(['verify', linkOf(), '--json', ...secret], { cwd: folder }));
  expect(rows()).toMatchObject([
    { valid: true, email: 'susan@example.com', issuer: 'itsdangerous', requestId: null },
  ]);
});

it('says that the secret is another one, and leaves the file as it was', async () => {
  const { folder } = await learnt();
  const before = read(folder);
  const refused = await runReset(
    ['init', '--no-input', '--sample-link', linkOf('another'), ...secret, '--json'],
    { cwd: folder },
  );
  expect(refused.code).toBe(5);
  expect(refused.error()).toMatchObject({ code: 'token_invalid', details: { reason: 'wrong_secret' } });
  expect(read(folder)).toEqual(before);
});

it('mends the configuration that is there, and `verify --native` names the form where it is another', async () => {
  const { folder } = await learnt();
  const { link, ...others } = read(folder);
  writeFileSync(join(folder, 'reset.config.json'), JSON.stringify(others), { mode: 0o600 });
  const verified = await succeed(
    runReset(['verify', '--native', linkOf(), '--json', ...secret], { cwd: folder }),
  );
  expect(verified.rows()).toMatchObject([{ valid: true, learnt: { link } }]);
  const said = await succeed(runReset(['verify', '--native', linkOf(), ...secret], { cwd: folder }));
  expect(said.stderr).toContain('The configuration names another form; set "link": {"native":true');
  await succeed(runReset(['init', '--no-input', '--sample-link', linkOf(), ...secret], { cwd: folder }));
  expect(read(folder)).toEqual({ ...others, link });
});
