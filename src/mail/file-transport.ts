import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Clock } from '../types.ts';
import { buildEml } from './eml.ts';
import { makeMailFolder, saveMail } from './save-mail.ts';
import type { Transport } from './transport-contract.ts';

/** One `.eml` per mail in a folder, which is made if it is missing. */
export function openFolder(folder: string, clock: Clock): Transport {
  const directory = resolve(folder);
  return {
    async send({ messageId, ...rest }) {
      const content = await buildEml({ messageId, ...rest }, clock.now());
      const path = await saveMail(directory, { content, messageId }, clock.now());
      return { reply: path, messageId };
    },
    async verify() {
      await makeMailFolder(directory);
      await access(directory, constants.W_OK | constants.X_OK);
      return { reply: `${directory} can be written` };
    },
    close: () => Promise.resolve(),
  };
}
