import { createKey, newKey } from '../../flows/setup/init-project.ts';
import type { Command } from '../command/context.ts';
import type { OptionsOf } from '../command/define-command.ts';
import type { keygenOptions } from './declare.ts';

/** `reset keygen`: 32 random bytes (R01), on stdout or in a new file that only its owner can read (R80). */
export const keygen: Command<OptionsOf<typeof keygenOptions>> = async ({ output }, _args, { out }) => {
  if (out === undefined) {
    const key = newKey();
    output.result({ key }, key);
    return 0;
  }
  await createKey(out);
  output.result({ file: out }, `A new key is in ${out}. Use it with: --secret-file ${out}`, 'ok');
  return 0;
};
