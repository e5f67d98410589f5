import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The sources, what is compiled from them, and the bundled program all stand two levels below the package. */
export const packageFolder = fileURLToPath(new URL('../../', import.meta.url));

/** A file or folder of this package, such as `templates`. */
export const inPackage = (...path: readonly string[]): string => join(packageFolder, ...path);
