import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { it } from 'vitest';
import { expectCommandsWork } from './try-commands.ts';

const folder = fileURLToPath(new URL('../../../templates/help', import.meta.url));
/** `breach` runs in the fast tier; `library` and `native` hold code and another application's addresses. */
const elsewhere = ['breach.md', 'library.md', 'native.md'];

it.each(readdirSync(folder).filter((file) => !elsewhere.includes(file)))(
  'templates/help/%s has only command lines that work, in this order',
  (file) => expectCommandsWork(`templates/help/${file}`),
  300_000,
);
