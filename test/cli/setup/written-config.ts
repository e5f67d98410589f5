import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A hash as Django writes it. */
export const djangoHash =
  'pbkdf2_sha256$1000000$d7hJueObKac8vZC3eZIjGW$pIEcZVyr/Q3kOz3fCU05KBoQL0pWGGWWcT+aQ7qtbtk=';

/** The mode of a file, such as 600. */
export const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);

/** The reset.config.json in a folder. */
export const read = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'reset.config.json'), 'utf8')) as Record<
    string,
    Record<string, string>
  >;
