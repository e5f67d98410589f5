import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { pack } from '../helpers/pack.ts';
import { cleanEnvironment, makeFolder, plain } from '../helpers/run-reset.ts';

it('the package installs from its tarball into an empty folder and goes through the whole loop there', async () => {
  const folder = await makeFolder();
  const { filename } = await pack('--pack-destination', folder);
  const inFolder = { ...plain, cwd: folder, timeout: 100_000, reject: true };
  await execa(
    'npm',
    ['install', '--prefix', folder, '--no-audit', '--no-fund', '--prefer-offline', `./${filename}`],
    {
      cwd: folder,
      timeout: 480_000,
      // npm hands the settings of this repository on to what it starts; in another folder they do not hold.
      env: { npm_config_engine_strict: 'false' },
    },
  );
  expect(readdirSync(join(folder, 'node_modules', '.bin'))).toEqual(
    expect.arrayContaining(['reset', 'resetctl']),
  );
  const { stdout } = await execa('npx', ['--no-install', 'reset', 'demo', '--once'], {
    ...inFolder,
    env: cleanEnvironment(),
  });
  expect(stdout).not.toContain('✗');
  expect(stdout).toContain('✓ the link works only once');
}, 600_000);
