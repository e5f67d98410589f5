import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Written last, by every build. */
const lastBuilt = join(root, 'dist/config.schema.json');
const changedAt = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Tests of the command line run the built program: what is in it must be what is in the sources. */
export async function setup(): Promise<void> {
  const sources = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const newest = Math.max(...[join(root, '.rolldown.config.js'), ...sources].map(changedAt));
  if (changedAt(lastBuilt) < newest) await execa('npm', ['run', '--silent', 'compile'], { cwd: root });
}
