import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';

const src = fileURLToPath(new URL('../../src/', import.meta.url));
const registries = ['passwords/formats', 'passwords/rules', 'users/presets', 'native/issuers'].filter(
  (folder) => existsSync(join(src, folder)),
);

/** Each file is one entry: the entry is its only export and has the file's name. */
async function readEntry(folder: string, file: string): Promise<{ file: string; exported: string }> {
  const module = (await import(pathToFileURL(join(src, folder, file)).href)) as Record<
    string,
    { name?: unknown }
  >;
  const [exported, ...others] = Object.keys(module);
  expect(others, `${folder}/${file} exports its entry and nothing else`).toEqual([]);
  expect(module[exported ?? '']?.name, `${folder}/${file}: the entry's name is the file's`).toBe(
    basename(file, '.ts'),
  );
  return { file, exported: String(exported) };
}

function writeIndex(list: string, entries: { file: string; exported: string }[]): string {
  const imports = entries.map(({ file, exported }) => `import { ${exported} } from './${file}';`);
  const names = entries.map(({ exported }) => `  ${exported},`);
  return [
    '// Written from the files of this folder by test/architecture/registries.test.ts: npm run registries',
    ...imports,
    '',
    `/** Every entry of this folder. */`,
    `export const ${list} = [`,
    ...names,
    '] as const;',
    '',
  ].join('\n');
}

describe.each(registries)('the registry %s', (folder) => {
  it('lists every file of its folder', async () => {
    const files = readdirSync(join(src, folder))
      .filter((file) => file.endsWith('.ts') && file !== 'index.ts')
      .sort();
    const entries = await Promise.all(files.map((file) => readEntry(folder, file)));
    await expect(writeIndex(basename(folder), entries)).toMatchFileSnapshot(join(src, folder, 'index.ts'));
  });
});
