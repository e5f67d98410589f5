import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';
import { pack, root } from '../helpers/pack.ts';
import { cleanEnvironment, makeFolder, plain } from '../helpers/run-reset.ts';

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

  it("R97: refuses to start without a configuration of one's own", async () => {
    const folder = await makeFolder();
    const serve = (...args: string[]) =>
      execa(process.execPath, [join(root, 'bin/reset.js'), 'serve', ...args], {
        ...plain,
        cwd: folder,
        env: cleanEnvironment(),
      });
    expect(await serve()).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('Make one: reset init') as string,
    });
    const { exitCode, stderr } = await serve('--verbose');
    expect(exitCode).toBe(3);
    for (const key of ['database', 'baseUrl', 'secret', 'mail.url', 'mail.from'])
      expect(stderr).toContain(key);
  });
});
