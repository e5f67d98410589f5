import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Written last, by every build: unlike a module whose source is as it was. */
const lastBuilt = join(root, 'dist/config.schema.json');

/** A module as it was built, such as `mail/send`. Throws when the folder that it is in has changed since. */
export async function importBuilt<T>(module: string): Promise<T> {
  const folder = dirname(module);
  const builtAt = statSync(lastBuilt, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  for (const name of readdirSync(join(root, 'src', folder)).filter((file) => file.endsWith('.ts'))) {
    if (builtAt < statSync(join(root, 'src', folder, name)).mtimeMs)
      throw new Error(`src/${folder}/${name} is newer than dist. Build it first: npm run build`);
  }
  return (await import(join(root, 'dist', `${module}.js`))) as T;
}
