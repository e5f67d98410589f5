import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { succeed } from '../helpers/run-reset.ts';
import { python } from './support/process.ts';
import { createReset, type Reset } from './support/reset.ts';
import { removeFolder } from '../helpers/temporary-folder.ts';

const script = fileURLToPath(new URL('./peers/django_otp_login.py', import.meta.url));
const secret = '3132333435363738393031323334353637383930';

let folder: string;
let reset: Reset;

const peer = async (...args: string[]): Promise<string> =>
  (await execa(python, ['-B', script, join(folder, 'app.db'), ...args])).stdout.trim();
const code = async (): Promise<string> => (await execa('oathtool', ['--totp', secret])).stdout.trim();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reset-otp-'));
  await peer('make');
  reset = await createReset({ folder, database: `sqlite:${join(folder, 'app.db')}`, preset: 'django' });
});
afterAll(() => removeFolder(folder));

it('django-otp: before, the login asks for a code; after access end, the person must enrol again', async () => {
  expect(await peer('try', 'susan', '')).toBe('out enrolled');
  expect(await peer('try', 'susan', await code())).toBe('in enrolled');
  const shown = await succeed(reset.run(['access', 'show', 'susan@example.com', '--json']));
  expect(shown.rows()[0]).toMatchObject({
    access: expect.arrayContaining([
      expect.objectContaining({ kind: 'totp', name: 'django-otp', count: 1, endsWithReset: false }),
      expect.objectContaining({ kind: 'recovery-codes', count: 2 }),
    ]) as unknown,
  });

  const args = ['--what', 'totp,recovery-codes', '--yes', '--ticket', 'SUP-4711'];
  await succeed(reset.run(['access', 'end', 'susan@example.com', ...args]));
  for (const given of ['', 'susan-first', 'susan-second', await code()])
    expect(await peer('try', 'susan', given)).toBe('out must enrol');
  expect(await peer('try', 'mike', 'mike-first')).toBe('in enrolled');
});
