import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';
import { cleanEnvironment, makeFolder, plain } from '../helpers/run-reset.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** `npm test` has built the package already; building it again would pull `dist` from under other tests. */
async function pack(...args: string[]): Promise<Packed> {
  const { stdout } = await execa('npm', ['pack', '--json', '--ignore-scripts', ...args], { cwd: root });
  return (JSON.parse(stdout) as [Packed])[0];
}

describe('the package', () => {
  let paths: readonly string[];
  beforeAll(async () => {
    paths = (await pack('--dry-run')).files.map(({ path }) => path);
  });

  it('holds the programs, the library, templates, migrations, licence and schema', () => {
    for (const path of [
      'bin/reset.js',
      'dist/index.js',
      'dist/index.d.ts',
      'dist/config.schema.json',
      'migrations/0001_outbox.js',
      'templates/mail/reset/text.ejs',
      'templates/locales/ko.json',
      'README.md',
      'LICENSE',
      'CHANGELOG.md',
      'package.json',
    ]) {
      expect(paths).toContain(path);
    }
  });

  it('R97: holds no test, no source, no database, no key and no configuration', () => {
    const folders = new Set(paths.filter((path) => path.includes('/')).map((path) => path.split('/')[0]));
    expect([...folders].sort()).toEqual(['bin', 'dist', 'migrations', 'templates']);
    const odd = /\.(db|sqlite3?|key|pem|env|eml|ts|log|tgz)$|reset\.config|\.test\./;
    expect(paths.filter((path) => odd.test(path) && !path.endsWith('.d.ts'))).toEqual([]);
  });

  it('R97: holds no secret to begin with', () => {
    const withSecret = paths
      .filter((path) => /\.(js|json|ejs)$/.test(path))
      .filter((path) =>
        /(?:hex:[0-9a-f]{32}|base64url:[\w-]{32})/i.test(readFileSync(join(root, path), 'utf8')),
      );
    expect(withSecret).toEqual([]);
  });

  it('installs from its tarball into an empty folder and goes through the whole loop there', async () => {
    const folder = await makeFolder();
    const { filename } = await pack('--pack-destination', folder);
    const inFolder = { ...plain, cwd: folder, timeout: 100_000, reject: true };
    await execa('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', `./${filename}`], {
      cwd: folder,
      timeout: 480_000,
      // npm hands the settings of this repository on to what it starts; in another folder they do not hold.
      env: { npm_config_engine_strict: 'false' },
    });
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

  it("R97: refuses to start without a configuration of one's own", async () => {
    const folder = await makeFolder();
    const { exitCode, stderr } = await execa(process.execPath, [join(root, 'bin/reset.js'), 'serve'], {
      ...plain,
      cwd: folder,
      env: cleanEnvironment(),
    });
    expect(exitCode).toBe(3);
    for (const key of ['database', 'baseUrl', 'secret', 'mail.url', 'mail.from'])
      expect(stderr).toContain(key);
  });
});
