import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, realpath, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { eachDatabase } from '../helpers/databases.ts';
import { findProgram } from '../helpers/find-program.ts';
import { cleanEnvironment, makeFolder, plain, susan } from '../helpers/run-reset.ts';
import { migrateUp } from '../../src/db/migrate.ts';
import { addUser } from '../../src/users/writing/add-user.ts';
import { createUsersTable } from '../../src/users/writing/create-users-table.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const quiet = ['--no-audit', '--no-fund', '--prefer-offline'];
const STRANGER = '#!/bin/sh\necho the terminal is reset\n';

/** The tarball that would be published. */
async function pack(folder: string): Promise<string> {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const { stdout } = await execa('npm', args, { cwd: root });
  return join(folder, (JSON.parse(stdout) as [{ filename: string }])[0].filename);
}

/** npm as on a machine of its own: the settings of this repository do not hold there. */
const npm = (args: readonly string[], folder: string, env: Record<string, string> = {}) =>
  execa('npm', [...quiet, ...args], {
    ...plain,
    cwd: folder,
    env: { ...cleanEnvironment(), HOME: process.env['HOME'] ?? folder, ...env },
    timeout: 480_000,
    all: true,
  });

describe('where another program is called reset, as on Debian and Ubuntu', () => {
  it('the line of the README installs both names beside it and leaves it alone', async () => {
    const folder = await makeFolder();
    const [usr, local] = [join(folder, 'usr'), join(folder, 'usr', 'local')];
    await mkdir(join(usr, 'bin'), { recursive: true });
    await writeFile(join(usr, 'bin', 'reset'), STRANGER);
    await chmod(join(usr, 'bin', 'reset'), 0o755);
    const tarball = await pack(folder);
    const refused = await npm(['install', '--global', '--ignore-scripts', '--prefix', usr, tarball], folder);
    expect(refused.all).toContain('EEXIST');
    const installed = await npm(
      ['install', '--global', '--ignore-scripts', '--prefix', local, tarball],
      folder,
    );
    expect({ code: installed.exitCode, said: installed.all }).toMatchObject({ code: 0 });
    expect(await readFile(join(usr, 'bin', 'reset'), 'utf8')).toBe(STRANGER);
    const PATH = [join(local, 'bin'), join(usr, 'bin'), process.env['PATH']].join(':');
    for (const name of ['reset', 'resetctl']) {
      const script = `${name} --version && ${name} keygen && ${name} smok`;
      const ran = await execa('sh', ['-c', script], {
        ...plain,
        cwd: folder,
        env: cleanEnvironment({ PATH }),
      });
      expect(ran.stdout).toContain('base64url:');
      expect(ran.stderr).toContain(`See: ${name} --help`);
    }
  }, 900_000);

  it('npx resetctl runs ours, without an installation', async () => {
    const folder = await makeFolder();
    const args = [
      'exec',
      '--yes',
      '--package',
      await pack(folder),
      '--ignore-scripts',
      '--',
      'resetctl',
      'keygen',
    ];
    const ran = await npm(args, folder);
    expect(ran.stdout).toContain('base64url:');
  }, 900_000);
});

eachDatabase(
  'on a machine without a compiler and without Python',
  (open) => {
    it('the package installs, and reset send works', async () => {
      const folder = await makeFolder();
      const PATH = join(folder, 'bin');
      await mkdir(PATH);
      for (const name of ['node', 'npm', 'sh', 'env'])
        await symlink(
          await realpath(name === 'node' ? process.execPath : (findProgram(name) ?? name)),
          join(PATH, name),
        );
      const project = join(folder, 'project');
      await mkdir(project);
      await writeFile(join(project, 'package.json'), '{ "private": true }');
      const installed = await npm(['install', await pack(folder)], project, { PATH });
      expect({ code: installed.exitCode, said: installed.all }).toMatchObject({ code: 0 });

      const { db, url } = await open();
      await migrateUp(db);
      await createUsersTable(db);
      const { email, name, encoded } = susan;
      await addUser(db, { email, username: name, locale: 'en', encoded }, Date.now());
      const settings = {
        RESET_DATABASE: url,
        RESET_BASE_URL: 'https://accounts.example.com',
        RESET_SECRET: `hex:${'0123456789abcdef'.repeat(4)}`,
        RESET_MAIL_URL: 'file:mailbox',
        RESET_MAIL_FROM: 'noreply@example.com',
      };
      const bin = join(project, 'node_modules', '.bin', 'reset');
      expect(existsSync(bin)).toBe(true);
      const sent = await execa(process.execPath, [bin, 'send', email], {
        ...plain,
        cwd: dirname(dirname(dirname(bin))),
        env: { ...cleanEnvironment(settings), PATH },
        stdin: 'ignore',
      });
      expect(sent).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(email) });
    }, 900_000);
  },
  ['postgres'],
);
