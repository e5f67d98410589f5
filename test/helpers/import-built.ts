import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A module as it was built, such as `mail/send`. Throws when the folder that it is in has changed since. */
export async function importBuilt<T>(module: string): Promise<T> {
  const folder = dirname(module);
  for (const name of readdirSync(join(root, 'src', folder)).filter((file) => file.endsWith('.ts'))) {
    const output = join(root, 'dist', folder, name.replace(/ts$/, 'js'));
    const builtAt = statSync(output, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (builtAt < statSync(join(root, 'src', folder, name)).mtimeMs)
      throw new Error(`src/${folder}/${name} is newer than dist. Build it first: npm run build`);
  }
  return (await import(join(root, 'dist', `${module}.js`))) as T;
}
